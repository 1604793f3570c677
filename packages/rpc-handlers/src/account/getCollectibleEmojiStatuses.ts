import { defineMethod } from '@aerogram/rpc';

export const getCollectibleEmojiStatuses = defineMethod({
  method: 'account.getCollectibleEmojiStatuses',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'emoji statuses',
  handler: () => Promise.resolve({ _: 'account.emojiStatuses', hash: 0n, statuses: [] }),
});
