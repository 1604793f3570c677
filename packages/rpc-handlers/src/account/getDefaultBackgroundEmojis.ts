import { defineMethod } from '@aerogram/rpc';

export const getDefaultBackgroundEmojis = defineMethod({
  method: 'account.getDefaultBackgroundEmojis',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'custom emoji',
  handler: () => Promise.resolve({ _: 'emojiList', hash: 0n, document_id: [] }),
});
