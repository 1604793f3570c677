import { defineMethod } from '@aerogram/rpc';

import { answerEmpty, EMPTY_HASH } from '../empty-list.ts';

export const getChannelDefaultEmojiStatuses = defineMethod({
  method: 'account.getChannelDefaultEmojiStatuses',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'emoji statuses',
  handler: (_ctx, { hash }) => Promise.resolve(answerEmpty(hash, { _: 'account.emojiStatuses', hash: EMPTY_HASH, statuses: [] }, { _: 'account.emojiStatusesNotModified' })),
});
