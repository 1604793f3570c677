import { defineMethod } from '@aerogram/rpc';

/** Nobody can set one, so none is remembered. */
export const clearRecentEmojiStatuses = defineMethod({
  method: 'account.clearRecentEmojiStatuses',
  access: 'user',
  cost: 1,
  repeat: 'idempotent',
  handler: () => Promise.resolve(true),
});
