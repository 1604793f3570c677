import { defineMethod } from '@aerogram/rpc';

import { answerPalette, PROFILE_PALETTE } from './palettes.ts';

export const getPeerProfileColors = defineMethod({
  method: 'help.getPeerProfileColors',
  access: 'any',
  cost: 1,
  repeat: 'read',
  handler: (_ctx, { hash }) => Promise.resolve(answerPalette(PROFILE_PALETTE, hash)),
});
