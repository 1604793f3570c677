import { defineMethod } from '@aerogram/rpc';

import { hashOf } from '../hash-of.ts';

/** Returns the emoji that can be used as reactions, and the documents that show them. */
export const getAvailableReactions = defineMethod({
  method: 'messages.getAvailableReactions',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler(ctx, { hash }) {
    const { files } = ctx.domain;
    // The hash of this list is an int.
    const own = Number(BigInt.asUintN(31, hashOf(files.bundled.listReactionIds())));
    return Promise.resolve(
      own === hash
        ? { _: 'messages.availableReactionsNotModified' }
        : { _: 'messages.availableReactions', hash: own, reactions: files.bundled.listReactions() },
    );
  },
});
