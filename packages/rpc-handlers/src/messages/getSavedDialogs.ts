import { defineMethod } from '@aerogram/rpc';

export const getSavedDialogs = defineMethod({
  method: 'messages.getSavedDialogs',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'saved dialogs',
  handler: () =>
    Promise.resolve({ _: 'messages.savedDialogs', dialogs: [], messages: [], chats: [], users: [] }),
});
