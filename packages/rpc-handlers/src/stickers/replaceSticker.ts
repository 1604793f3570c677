import { defineMethod } from '@aerogram/rpc';

import { UPLOAD_QUOTAS } from '../quotas.ts';
import { answerSet } from './make-call.ts';

/** Puts another sticker into the place of one. A repeated call finds that one gone. */
export const replaceSticker = defineMethod({
  method: 'stickers.replaceSticker',
  access: ['user', 'bot'],
  cost: 10,
  quotas: UPLOAD_QUOTAS,
  repeat: 'idempotent',
  handler: (ctx, { sticker, new_sticker: replacement }) => answerSet(ctx, ctx.domain.stickerSets.changes.doReplace(ctx.userId, sticker, replacement)),
});
