import { defineMethod } from '@aerogram/rpc';

import { answerEmpty, EMPTY_HASH } from '../empty-list.ts';

export const getChatThemes = defineMethod({
  method: 'account.getChatThemes',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'themes',
  handler: (_ctx, { hash }) => Promise.resolve(answerEmpty(hash, { _: 'account.themes', hash: EMPTY_HASH, themes: [] }, { _: 'account.themesNotModified' })),
});
