import { defineMethod } from '@aerogram/rpc';

export const getRecentEmojiStatuses = defineMethod({
  method: 'account.getRecentEmojiStatuses',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'emoji statuses',
  handler: () => Promise.resolve({ _: 'account.emojiStatuses', hash: 0n, statuses: [] }),
});
