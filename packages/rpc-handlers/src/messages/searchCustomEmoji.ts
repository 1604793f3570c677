import { defineMethod } from '@aerogram/rpc';

export const searchCustomEmoji = defineMethod({
  method: 'messages.searchCustomEmoji',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'custom emoji',
  handler: () => Promise.resolve({ _: 'emojiList', hash: 0n, document_id: [] }),
});
