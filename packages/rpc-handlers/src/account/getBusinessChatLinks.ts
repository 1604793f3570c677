import { defineMethod } from '@aerogram/rpc';

export const getBusinessChatLinks = defineMethod({
  method: 'account.getBusinessChatLinks',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'business links',
  handler: () => Promise.resolve({ _: 'account.businessChatLinks', links: [], chats: [], users: [] }),
});
