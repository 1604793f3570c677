import { defineMethod } from '@aerogram/rpc';

import { accessPack, isEnglish, LANG_PACK_VERSION } from './check-lang-pack.ts';
import { projectTexts } from './english.ts';

/** All texts to whoever has an older version: there are few. A language that is not here never changes. */
export const getDifference = defineMethod({
  method: 'langpack.getDifference',
  access: 'any',
  cost: 1,
  repeat: 'read',
  handler: (ctx, { lang_pack, lang_code, from_version }) => {
    const pack = accessPack(ctx, lang_pack);
    const strings = isEnglish(lang_code) && from_version < LANG_PACK_VERSION ? projectTexts(pack) : [];
    return Promise.resolve({ _: 'langPackDifference', lang_code, from_version, version: LANG_PACK_VERSION, strings });
  },
});
