import { defineMethod } from '@aerogram/rpc';

export const getCustomEmojiDocuments = defineMethod({
  method: 'messages.getCustomEmojiDocuments',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'custom emoji',
  handler: () => Promise.resolve([]),
});
