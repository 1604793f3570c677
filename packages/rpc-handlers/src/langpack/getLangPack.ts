import { defineMethod } from '@aerogram/rpc';

import { checkLangPack, LANG_PACK_VERSION } from './check-lang-pack.ts';

/** Clients bring their texts along; this server changes none of them. */
export const getLangPack = defineMethod({
  method: 'langpack.getLangPack',
  access: 'any',
  cost: 1,
  repeat: 'read',
  empty: 'interface texts',
  handler: (ctx, { lang_pack, lang_code }) => {
    checkLangPack(ctx, lang_pack, lang_code);
    return Promise.resolve({ _: 'langPackDifference', lang_code, from_version: 0, version: LANG_PACK_VERSION, strings: [] });
  },
});
