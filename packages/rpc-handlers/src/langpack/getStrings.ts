import { defineMethod } from '@aerogram/rpc';

import { accessPack, isEnglish } from './check-lang-pack.ts';
import { projectText, textsOf } from './english.ts';

/** The texts that are here; of the others a client has its own. */
export const getStrings = defineMethod({
  method: 'langpack.getStrings',
  access: 'any',
  cost: 1,
  limits: { vectors: { keys: 1000 } },
  repeat: 'read',
  handler: (ctx, { lang_pack, lang_code, keys }) => {
    const pack = accessPack(ctx, lang_pack);
    const texts = isEnglish(lang_code) ? textsOf(pack) : {};
    const found = [...new Set(keys)].filter((key) => Object.hasOwn(texts, key));
    return Promise.resolve(found.map((key) => projectText(key, texts[key] ?? '')));
  },
});
