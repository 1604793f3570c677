import { defineMethod } from '@aerogram/rpc';

export const getEmojiKeywordsLanguages = defineMethod({
  method: 'messages.getEmojiKeywordsLanguages',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'emoji search',
  // TDLib logs an error for an empty list.
  handler: () => Promise.resolve([{ _: 'emojiLanguage', lang_code: 'en' }]),
});
