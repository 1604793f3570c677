import { defineMethod } from '@aerogram/rpc';

export const getChatThemes = defineMethod({
  method: 'account.getChatThemes',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'themes',
  handler: () => Promise.resolve({ _: 'account.themes', hash: 0n, themes: [] }),
});
