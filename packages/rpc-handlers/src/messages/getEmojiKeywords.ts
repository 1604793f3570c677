import { defineMethod } from '@aerogram/rpc';

export const getEmojiKeywords = defineMethod({
  method: 'messages.getEmojiKeywords',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'emoji search',
  handler: (_ctx, { lang_code }) =>
    Promise.resolve({ _: 'emojiKeywordsDifference', lang_code, from_version: 0, version: 1, keywords: [] }),
});
