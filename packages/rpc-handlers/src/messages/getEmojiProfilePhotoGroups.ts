import { defineMethod } from '@aerogram/rpc';

import { answerEmpty, EMPTY_INT_HASH } from '../empty-list.ts';

export const getEmojiProfilePhotoGroups = defineMethod({
  method: 'messages.getEmojiProfilePhotoGroups',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'emoji search',
  handler: (_ctx, { hash }) => Promise.resolve(answerEmpty(hash, { _: 'messages.emojiGroups', hash: EMPTY_INT_HASH, groups: [] }, { _: 'messages.emojiGroupsNotModified' })),
});
