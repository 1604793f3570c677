import { defineMethod } from '@aerogram/rpc';

import { hashOf } from '../hash-of.ts';

/** Returns the effects that a message in a private chat can have, and the documents that show them. */
export const getAvailableEffects = defineMethod({
  method: 'messages.getAvailableEffects',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler(ctx, { hash }) {
    const { bundled } = ctx.domain.files;
    // The hash of this list is an int.
    const own = Number(BigInt.asUintN(31, hashOf(bundled.listEffectIds())));
    return Promise.resolve(own === hash ? { _: 'messages.availableEffectsNotModified' } : { _: 'messages.availableEffects', hash: own, ...bundled.listEffects() });
  },
});
