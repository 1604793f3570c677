import { defineMethod } from '@aerogram/rpc';

export const getAdminedPublicChannels = defineMethod({
  method: 'channels.getAdminedPublicChannels',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'channels',
  handler: () => Promise.resolve({ _: 'messages.chats', chats: [] }),
});
