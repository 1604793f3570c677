import { defineMethod } from '@aerogram/rpc';

import { NAME_PALETTE, PALETTE_HASH } from './palettes.ts';

export const getPeerColors = defineMethod({
  method: 'help.getPeerColors',
  access: 'any',
  cost: 1,
  repeat: 'read',
  handler: (_ctx, { hash }) =>
    Promise.resolve(
      hash === PALETTE_HASH
        ? { _: 'help.peerColorsNotModified' }
        : { _: 'help.peerColors', hash: PALETTE_HASH, colors: [...NAME_PALETTE] },
    ),
});
