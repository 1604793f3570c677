import { defineMethod } from '@aerogram/rpc';

import { accessLanguage, accessPack } from './access-language.ts';

/** For a language without texts on the server the pack is empty; clients then show their own texts. */
export const getLangPack = defineMethod({
  method: 'langpack.getLangPack',
  access: ['guest', 'user'],
  cost: 2,
  repeat: 'read',
  handler: (ctx, { lang_pack, lang_code }) => {
    const pack = accessPack(ctx, lang_pack);
    const language = accessLanguage(ctx, lang_code);
    const { version } = language ?? ctx.domain.languages.english;
    return Promise.resolve({ _: 'langPackDifference', lang_code, from_version: 0, version, strings: language?.projectStrings(pack) ?? [] });
  },
});
