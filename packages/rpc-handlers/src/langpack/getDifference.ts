import { defineMethod } from '@aerogram/rpc';

import { accessLanguage, accessPack } from './access-language.ts';

/** Returns all texts to clients that have another version, because there are few. */
export const getDifference = defineMethod({
  method: 'langpack.getDifference',
  access: ['guest', 'user'],
  cost: 1,
  repeat: 'read',
  handler: (ctx, { lang_pack, lang_code, from_version }) => {
    const pack = accessPack(ctx, lang_pack);
    const language = accessLanguage(ctx, lang_code);
    const { version } = language ?? ctx.domain.languages.english;
    const strings = from_version === version ? [] : (language?.projectStrings(pack) ?? []);
    return Promise.resolve({ _: 'langPackDifference', lang_code, from_version, version, strings });
  },
});
