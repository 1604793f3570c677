import { defineMethod } from '@aerogram/rpc';

import { accessLanguage, accessPack } from './access-language.ts';

/** A language that the server has no texts in is answered without any: clients then show their own. */
export const getLangPack = defineMethod({
  method: 'langpack.getLangPack',
  access: 'any',
  cost: 2,
  repeat: 'read',
  handler: (ctx, { lang_pack, lang_code }) => {
    const pack = accessPack(ctx, lang_pack);
    const language = accessLanguage(ctx, lang_code);
    const { version } = language ?? ctx.domain.languages.english;
    return Promise.resolve({ _: 'langPackDifference', lang_code, from_version: 0, version, strings: language?.projectStrings(pack) ?? [] });
  },
});
