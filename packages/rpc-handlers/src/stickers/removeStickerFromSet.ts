import { defineMethod } from '@aerogram/rpc';

import { answerSet } from './make-call.ts';

/** Takes a sticker out of its set. A repeated call finds it gone. */
export const removeStickerFromSet = defineMethod({
  method: 'stickers.removeStickerFromSet',
  access: ['user', 'bot'],
  cost: 5,
  repeat: 'idempotent',
  handler: (ctx, { sticker }) => answerSet(ctx, ctx.domain.stickerSets.changes.doRemove(ctx.userId, sticker)),
});
