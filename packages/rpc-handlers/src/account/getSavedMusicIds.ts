import { defineMethod } from '@aerogram/rpc';

export const getSavedMusicIds = defineMethod({
  method: 'account.getSavedMusicIds',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'files',
  handler: () => Promise.resolve({ _: 'account.savedMusicIds', ids: [] }),
});
