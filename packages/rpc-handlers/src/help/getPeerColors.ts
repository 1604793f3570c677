import { defineMethod } from '@aerogram/rpc';

import { answerPalette, NAME_PALETTE } from './palettes.ts';

export const getPeerColors = defineMethod({
  method: 'help.getPeerColors',
  access: 'any',
  cost: 1,
  repeat: 'read',
  handler: (_ctx, { hash }) => Promise.resolve(answerPalette(NAME_PALETTE, hash)),
});
