import { defineMethod } from '@aerogram/rpc';

import { answerEmpty, EMPTY_HASH } from '../empty-list.ts';

export const getAlbums = defineMethod({
  method: 'stories.getAlbums',
  access: 'user',
  cost: 1,
  repeat: 'read',
  elsewhere: { peer: 'works' },
  empty: 'stories',
  handler: (_ctx, { hash }) => Promise.resolve(answerEmpty(hash, { _: 'stories.albums', hash: EMPTY_HASH, albums: [] }, { _: 'stories.albumsNotModified' })),
});
