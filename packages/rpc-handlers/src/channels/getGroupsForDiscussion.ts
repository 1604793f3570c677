import { PeerSet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

export const getGroupsForDiscussion = defineMethod({
  method: 'channels.getGroupsForDiscussion',
  access: 'user',
  cost: 2,
  repeat: 'read',
  async handler(ctx) {
    const { channels, projectPeers } = ctx.domain;
    const { chats } = await projectPeers(ctx.userId, new PeerSet(await channels.listDiscussionGroups(ctx.userId)));
    return { _: 'messages.chats', chats };
  },
});
