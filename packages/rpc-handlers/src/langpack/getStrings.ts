import { defineMethod } from '@aerogram/rpc';

import { checkLangPack } from './check-lang-pack.ts';

export const getStrings = defineMethod({
  method: 'langpack.getStrings',
  access: 'any',
  cost: 1,
  repeat: 'read',
  empty: 'interface texts',
  handler: (ctx, { lang_pack, lang_code }) => {
    checkLangPack(ctx, lang_pack, lang_code);
    return Promise.resolve([]);
  },
});
