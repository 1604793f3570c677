import { PeerSet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { accessChannel } from './channel-call.ts';

export const getFullChannel = defineMethod({
  method: 'channels.getFullChannel',
  access: ['user', 'bot'],
  cost: 2,
  repeat: 'read',
  async handler(ctx, { channel: input }) {
    const { channels, profilePhotos, projectPeers } = ctx.domain;
    const channel = await accessChannel(ctx, input);
    const [full, photo] = await Promise.all([channels.findFull(ctx.userId, channel), profilePhotos.findOfChat(ctx.userId, channel.peerId)]);
    const full_chat: tl.channelFull = { ...full, chat_photo: photo ?? full.chat_photo };
    const peers = new PeerSet([channel.peerId]);
    peers.addObject(full_chat);
    return { _: 'messages.chatFull', full_chat, ...(await projectPeers(ctx.userId, peers)) };
  },
});
