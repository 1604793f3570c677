import { defineMethod } from '@aerogram/rpc';

export const getChannelRecommendations = defineMethod({
  method: 'channels.getChannelRecommendations',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'channels',
  handler: () => Promise.resolve({ _: 'messages.chats', chats: [] }),
});
