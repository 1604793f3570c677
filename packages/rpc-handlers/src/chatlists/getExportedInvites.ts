import { defineMethod } from '@aerogram/rpc';

export const getExportedInvites = defineMethod({
  method: 'chatlists.getExportedInvites',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'shared folders',
  handler: () => Promise.resolve({ _: 'chatlists.exportedInvites', invites: [], chats: [], users: [] }),
});
