import { defineMethod } from '@aerogram/rpc';

import { ENGLISH } from './english.ts';

export const getLanguages = defineMethod({
  method: 'langpack.getLanguages',
  access: 'any',
  cost: 1,
  repeat: 'read',
  empty: 'interface texts',
  handler: () => Promise.resolve([ENGLISH]),
});
