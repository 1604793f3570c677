import { defineMethod } from '@aerogram/rpc';

export const getTopPeers = defineMethod({
  method: 'contacts.getTopPeers',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'top peers',
  handler: () => Promise.resolve({ _: 'contacts.topPeers', categories: [], chats: [], users: [] }),
});
