import { defineMethod } from '@aerogram/rpc';

export const getEmojiKeywordsDifference = defineMethod({
  method: 'messages.getEmojiKeywordsDifference',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'emoji search',
  handler: (_ctx, { lang_code, from_version }) =>
    Promise.resolve({ _: 'emojiKeywordsDifference', lang_code, from_version, version: 1, keywords: [] }),
});
