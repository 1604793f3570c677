import { defineMethod } from '@aerogram/rpc';

import { answerSet } from './make-call.ts';

export const renameStickerSet = defineMethod({
  method: 'stickers.renameStickerSet',
  access: ['user', 'bot'],
  cost: 5,
  limits: { strings: { title: { max: 1024, error: 'PACK_TITLE_INVALID' } } },
  repeat: 'idempotent',
  handler: (ctx, { stickerset, title }) => answerSet(ctx, ctx.domain.stickerSets.changes.doRename(ctx.userId, stickerset, title)),
});
