import { defineMethod } from '@aerogram/rpc';

export const getThemes = defineMethod({
  method: 'account.getThemes',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'themes',
  handler: () => Promise.resolve({ _: 'account.themes', hash: 0n, themes: [] }),
});
