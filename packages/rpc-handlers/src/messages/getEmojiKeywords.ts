import { defineMethod } from '@aerogram/rpc';

/** All words of a language by which emoji are found; none if the language has no words. */
export const getEmojiKeywords = defineMethod({
  method: 'messages.getEmojiKeywords',
  access: 'user',
  cost: 20,
  limits: { strings: { lang_code: 64 } },
  repeat: 'read',
  async handler({ domain: { stickerSets: { keywords } } }, { lang_code }) {
    return { _: 'emojiKeywordsDifference', lang_code, from_version: 0, version: keywords.version, keywords: await keywords.listKeywords(lang_code) };
  },
});
