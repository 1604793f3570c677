import { defineMethod } from '@aerogram/rpc';

import { answerEmpty, EMPTY_HASH } from '../empty-list.ts';

export const getDefaultBackgroundEmojis = defineMethod({
  method: 'account.getDefaultBackgroundEmojis',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'custom emoji',
  handler: (_ctx, { hash }) => Promise.resolve(answerEmpty(hash, { _: 'emojiList', hash: EMPTY_HASH, document_id: [] }, { _: 'emojiListNotModified' })),
});
