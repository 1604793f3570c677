import { defineMethod } from '@aerogram/rpc';

import { findSavedMusic } from './find-saved-music.ts';

export const getSavedMusic = defineMethod({
  method: 'users.getSavedMusic',
  access: 'user',
  cost: 2,
  repeat: 'read',
  empty: 'files',
  handler: findSavedMusic,
});
