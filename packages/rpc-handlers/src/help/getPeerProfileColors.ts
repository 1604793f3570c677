import { defineMethod } from '@aerogram/rpc';

import { PALETTE_HASH, PROFILE_PALETTE } from './palettes.ts';

export const getPeerProfileColors = defineMethod({
  method: 'help.getPeerProfileColors',
  access: 'any',
  cost: 1,
  repeat: 'read',
  handler: (_ctx, { hash }) =>
    Promise.resolve(
      hash === PALETTE_HASH
        ? { _: 'help.peerColorsNotModified' }
        : { _: 'help.peerColors', hash: PALETTE_HASH, colors: [...PROFILE_PALETTE] },
    ),
});
