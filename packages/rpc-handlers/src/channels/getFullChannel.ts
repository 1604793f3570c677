import { PeerSet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { accessChannel } from './channel-call.ts';

export const getFullChannel = defineMethod({
  method: 'channels.getFullChannel',
  access: ['user', 'bot'],
  cost: 2,
  repeat: 'read',
  async handler(ctx, { channel: input }) {
    const { channels, projectPeers } = ctx.domain;
    const channel = await accessChannel(ctx, input);
    const full_chat = await channels.findFull(ctx.userId, channel);
    const peers = new PeerSet([channel.peerId]);
    peers.addObject(full_chat);
    return { _: 'messages.chatFull', full_chat, ...(await projectPeers(ctx.userId, peers)) };
  },
});
