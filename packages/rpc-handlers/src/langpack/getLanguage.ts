import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { ENGLISH } from './english.ts';

export const getLanguage = defineMethod({
  method: 'langpack.getLanguage',
  access: 'any',
  cost: 1,
  repeat: 'read',
  empty: 'interface texts',
  handler: (_ctx, { lang_code }) => {
    if (lang_code !== ENGLISH.lang_code) throw rpcError('LANG_CODE_NOT_SUPPORTED');
    return Promise.resolve(ENGLISH);
  },
});
