import { defineMethod } from '@aerogram/rpc';

import { UPLOAD_QUOTAS } from '../quotas.ts';
import { answerSet } from './make-call.ts';

/** Adds a sticker at the end of a set. The same document that was added last is not added again. */
export const addStickerToSet = defineMethod({
  method: 'stickers.addStickerToSet',
  access: ['user', 'bot'],
  cost: 10,
  quotas: UPLOAD_QUOTAS,
  repeat: 'idempotent',
  handler: (ctx, { stickerset, sticker }) => answerSet(ctx, ctx.domain.stickerSets.changes.doAdd(ctx.userId, stickerset, sticker)),
});
