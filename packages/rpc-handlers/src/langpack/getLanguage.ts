import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { accessPack, isEnglish } from './check-lang-pack.ts';
import { projectEnglish } from './english.ts';

export const getLanguage = defineMethod({
  method: 'langpack.getLanguage',
  access: 'any',
  cost: 1,
  repeat: 'read',
  handler: (ctx, { lang_pack, lang_code }) => {
    const pack = accessPack(ctx, lang_pack);
    if (!isEnglish(lang_code)) throw rpcError('LANG_CODE_NOT_SUPPORTED');
    return Promise.resolve(projectEnglish(pack));
  },
});
