import { defineMethod } from '@aerogram/rpc';

/** What has changed in the words of a language: nothing for clients that have the present version, and all words for others. */
export const getEmojiKeywordsDifference = defineMethod({
  method: 'messages.getEmojiKeywordsDifference',
  access: 'user',
  cost: 20,
  limits: { strings: { lang_code: 64 } },
  repeat: 'read',
  async handler({ domain: { stickerSets: { keywords } } }, { lang_code, from_version }) {
    const words = from_version === keywords.version ? [] : await keywords.listKeywords(lang_code);
    return { _: 'emojiKeywordsDifference', lang_code, from_version, version: keywords.version, keywords: words };
  },
});
