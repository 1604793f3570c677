import { defineMethod } from '@aerogram/rpc';

import { accessPack } from './access-language.ts';

export const getLanguages = defineMethod({
  method: 'langpack.getLanguages',
  access: ['guest', 'user'],
  cost: 1,
  repeat: 'read',
  handler(ctx, { lang_pack }) {
    const pack = accessPack(ctx, lang_pack);
    return Promise.resolve(ctx.domain.languages.list(pack).map((language) => language.project(pack)));
  },
});
