import { PeerSet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { accessChannel } from './channel-call.ts';

/** Public channels that share members with one, or with all that the caller is in. Nobody has to pay for a longer list, so it is always whole. */
export const getChannelRecommendations = defineMethod({
  method: 'channels.getChannelRecommendations',
  access: 'user',
  cost: 5,
  repeat: 'read',
  async handler(ctx, { channel: input }) {
    const { channels, projectPeers } = ctx.domain;
    const channel = input && (await accessChannel(ctx, input));
    const peerIds = await channels.recommendations.list(ctx.userId, channel?.channelId);
    const { chats } = await projectPeers(ctx.userId, new PeerSet(peerIds));
    return { _: 'messages.chats', chats };
  },
});
