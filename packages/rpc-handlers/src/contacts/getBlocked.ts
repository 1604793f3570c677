import { defineMethod } from '@aerogram/rpc';

export const getBlocked = defineMethod({
  method: 'contacts.getBlocked',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'blocking',
  handler: () => Promise.resolve({ _: 'contacts.blocked', blocked: [], chats: [], users: [] }),
});
