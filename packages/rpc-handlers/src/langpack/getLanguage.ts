import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { accessLanguage, accessPack } from './access-language.ts';

export const getLanguage = defineMethod({
  method: 'langpack.getLanguage',
  access: ['guest', 'user'],
  cost: 1,
  repeat: 'read',
  handler: (ctx, { lang_pack, lang_code }) => {
    const pack = accessPack(ctx, lang_pack);
    const language = accessLanguage(ctx, lang_code);
    if (!language?.isOfferedFor(pack)) throw rpcError('LANG_CODE_NOT_SUPPORTED');
    return Promise.resolve(language.project(pack));
  },
});
