import { defineMethod } from '@aerogram/rpc';

export const getArchivedStickers = defineMethod({
  method: 'messages.getArchivedStickers',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'stickers',
  handler: () => Promise.resolve({ _: 'messages.archivedStickers', count: 0, sets: [] }),
});
