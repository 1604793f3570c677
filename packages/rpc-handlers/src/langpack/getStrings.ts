import { projectLangText } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { accessLanguage, accessPack } from './access-language.ts';

/** Returns only texts that exist in exactly this language; a client has its own texts for the others. */
export const getStrings = defineMethod({
  method: 'langpack.getStrings',
  access: ['guest', 'user'],
  cost: 1,
  limits: { maxBytes: 128 * 1024, vectors: { keys: 1000 } },
  repeat: 'read',
  handler: (ctx, { lang_pack, lang_code, keys }) => {
    const pack = accessPack(ctx, lang_pack);
    const language = accessLanguage(ctx, lang_code);
    const strings = [...new Set(keys)].flatMap((key) => {
      const text = language?.findText(pack, key);
      return text === undefined ? [] : [projectLangText(key, text)];
    });
    return Promise.resolve(strings);
  },
});
