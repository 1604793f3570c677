import { defineMethod } from '@aerogram/rpc';

import { accessPack } from './check-lang-pack.ts';
import { projectEnglish } from './english.ts';

export const getLanguages = defineMethod({
  method: 'langpack.getLanguages',
  access: 'any',
  cost: 1,
  repeat: 'read',
  handler: (ctx, { lang_pack }) => Promise.resolve([projectEnglish(accessPack(ctx, lang_pack))]),
});
