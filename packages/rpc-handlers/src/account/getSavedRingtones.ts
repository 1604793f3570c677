import { defineMethod } from '@aerogram/rpc';

export const getSavedRingtones = defineMethod({
  method: 'account.getSavedRingtones',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'files',
  handler: () => Promise.resolve({ _: 'account.savedRingtones', hash: 0n, ringtones: [] }),
});
