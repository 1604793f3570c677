import { defineMethod } from '@aerogram/rpc';

export const getAutoSaveSettings = defineMethod({
  method: 'account.getAutoSaveSettings',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'files',
  handler: () =>
    Promise.resolve({
      _: 'account.autoSaveSettings',
      users_settings: { _: 'autoSaveSettings' },
      chats_settings: { _: 'autoSaveSettings' },
      broadcasts_settings: { _: 'autoSaveSettings' },
      exceptions: [],
      chats: [],
      users: [],
    }),
});
