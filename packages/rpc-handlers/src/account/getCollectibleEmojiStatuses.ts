import { defineMethod } from '@aerogram/rpc';

import { answerEmpty, EMPTY_HASH } from '../empty-list.ts';

export const getCollectibleEmojiStatuses = defineMethod({
  method: 'account.getCollectibleEmojiStatuses',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: (_ctx, { hash }) => Promise.resolve(answerEmpty(hash, { _: 'account.emojiStatuses', hash: EMPTY_HASH, statuses: [] }, { _: 'account.emojiStatusesNotModified' })),
});
