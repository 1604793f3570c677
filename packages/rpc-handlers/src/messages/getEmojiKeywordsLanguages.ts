import { defineMethod } from '@aerogram/rpc';

export const getEmojiKeywordsLanguages = defineMethod({
  method: 'messages.getEmojiKeywordsLanguages',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'emoji search',
  handler: () => Promise.resolve([]),
});
