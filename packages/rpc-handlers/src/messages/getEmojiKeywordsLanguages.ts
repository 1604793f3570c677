import { defineMethod } from '@aerogram/rpc';

export const getEmojiKeywordsLanguages = defineMethod({
  method: 'messages.getEmojiKeywordsLanguages',
  access: 'user',
  cost: 1,
  limits: { strings: { lang_codes: 64 }, vectors: { lang_codes: 100 } },
  repeat: 'read',
  // TDLib logs an error for an empty list.
  handler: ({ domain }, { lang_codes: codes }) => Promise.resolve(domain.stickerSets.keywords.listLanguages(codes).map((lang_code) => ({ _: 'emojiLanguage', lang_code }))),
});
