import { defineMethod } from '@aerogram/rpc';

import { findSavedMusic } from './find-saved-music.ts';

export const getSavedMusicByID = defineMethod({
  method: 'users.getSavedMusicByID',
  access: 'user',
  cost: 2,
  repeat: 'read',
  empty: 'files',
  handler: findSavedMusic,
});
