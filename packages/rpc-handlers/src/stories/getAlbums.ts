import { defineMethod } from '@aerogram/rpc';

export const getAlbums = defineMethod({
  method: 'stories.getAlbums',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'stories',
  handler: () => Promise.resolve({ _: 'stories.albums', hash: 0n, albums: [] }),
});
