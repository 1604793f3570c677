import { defineMethod } from '@aerogram/rpc';

import { checkLangPack, LANG_PACK_VERSION } from './check-lang-pack.ts';

export const getDifference = defineMethod({
  method: 'langpack.getDifference',
  access: 'any',
  cost: 1,
  repeat: 'read',
  empty: 'interface texts',
  handler: (ctx, { lang_pack, lang_code, from_version }) => {
    checkLangPack(ctx, lang_pack, lang_code);
    return Promise.resolve({ _: 'langPackDifference', lang_code, from_version, version: LANG_PACK_VERSION, strings: [] });
  },
});
