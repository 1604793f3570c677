import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';

export const updateDialogFiltersOrder = defineMethod({
  method: 'messages.updateDialogFiltersOrder',
  access: 'user',
  cost: 1,
  limits: { vectors: { order: 256 } },
  repeat: 'idempotent',
  async handler(ctx, { order }) {
    await ctx.domain.filters.doReorder(ctx.userId, order, originOf(ctx));
    return true;
  },
});
