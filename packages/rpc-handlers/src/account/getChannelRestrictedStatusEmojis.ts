import { defineMethod } from '@aerogram/rpc';

export const getChannelRestrictedStatusEmojis = defineMethod({
  method: 'account.getChannelRestrictedStatusEmojis',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'custom emoji',
  handler: () => Promise.resolve({ _: 'emojiList', hash: 0n, document_id: [] }),
});
