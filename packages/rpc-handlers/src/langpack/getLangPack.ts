import { defineMethod } from '@aerogram/rpc';

import { accessPack, isEnglish, LANG_PACK_VERSION } from './check-lang-pack.ts';
import { projectTexts } from './english.ts';

/** A language that is not here has no texts: clients then show their own. */
export const getLangPack = defineMethod({
  method: 'langpack.getLangPack',
  access: 'any',
  cost: 2,
  repeat: 'read',
  handler: (ctx, { lang_pack, lang_code }) => {
    const pack = accessPack(ctx, lang_pack);
    const strings = isEnglish(lang_code) ? projectTexts(pack) : [];
    return Promise.resolve({ _: 'langPackDifference', lang_code, from_version: 0, version: LANG_PACK_VERSION, strings });
  },
});
