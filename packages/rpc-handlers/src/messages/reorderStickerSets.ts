import { defineMethod } from '@aerogram/rpc';

import { kindOf, setsChange } from './set-change.ts';

export const reorderStickerSets = defineMethod({
  method: 'messages.reorderStickerSets',
  access: 'user',
  cost: 5,
  limits: { vectors: { order: 1000 } },
  repeat: 'idempotent',
  async handler(ctx, request) {
    await ctx.domain.stickerSets.installed.doReorder(setsChange(ctx), kindOf(request), request.order);
    return true;
  },
});
