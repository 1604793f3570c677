import { PeerSet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

export const getInactiveChannels = defineMethod({
  method: 'channels.getInactiveChannels',
  access: 'user',
  cost: 5,
  repeat: 'read',
  async handler(ctx) {
    const { channels, projectPeers } = ctx.domain;
    const inactive = await channels.listInactive(ctx.userId);
    const { users, chats } = await projectPeers(ctx.userId, new PeerSet(inactive.map(({ peerId }) => peerId)));
    return { _: 'messages.inactiveChats', dates: inactive.map(({ date }) => date), chats, users };
  },
});
