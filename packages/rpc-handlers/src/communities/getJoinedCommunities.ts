import { defineMethod } from '@aerogram/rpc';

export const getJoinedCommunities = defineMethod({
  method: 'communities.getJoinedCommunities',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'communities',
  handler: () => Promise.resolve({ _: 'messages.chats', chats: [] }),
});
