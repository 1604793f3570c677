import { defineMethod } from '@aerogram/rpc';

/** Emoji statuses cannot be set, so there are no recent ones. */
export const clearRecentEmojiStatuses = defineMethod({
  method: 'account.clearRecentEmojiStatuses',
  access: 'user',
  cost: 1,
  repeat: 'idempotent',
  handler: () => Promise.resolve(true),
});
