import { defineMethod } from '@aerogram/rpc';

import { answerSet } from './make-call.ts';

export const changeStickerPosition = defineMethod({
  method: 'stickers.changeStickerPosition',
  access: ['user', 'bot'],
  cost: 5,
  repeat: 'idempotent',
  handler: (ctx, { sticker, position }) => answerSet(ctx, ctx.domain.stickerSets.changes.doMove(ctx.userId, sticker, position)),
});
