import { defineMethod } from '@aerogram/rpc';

export const getSavedGifs = defineMethod({
  method: 'messages.getSavedGifs',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'files',
  handler: () => Promise.resolve({ _: 'messages.savedGifs', hash: 0n, gifs: [] }),
});
