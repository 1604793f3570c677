import { defineMethod } from '@aerogram/rpc';

import { answerSet } from './make-call.ts';

/** Changes the emoji, the words or the place of a mask of a sticker; what is not named stays. */
export const changeSticker = defineMethod({
  method: 'stickers.changeSticker',
  access: ['user', 'bot'],
  cost: 5,
  limits: { strings: { emoji: { max: 1024, error: 'STICKER_EMOJI_INVALID' }, keywords: 1024 } },
  repeat: 'idempotent',
  handler: (ctx, { sticker, emoji, keywords, mask_coords: mask }) => answerSet(ctx, ctx.domain.stickerSets.changes.doChange(ctx.userId, sticker, { emoji, keywords, mask })),
});
