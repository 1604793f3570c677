import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';

export const toggleDialogFilterTags = defineMethod({
  method: 'messages.toggleDialogFilterTags',
  access: 'user',
  cost: 1,
  repeat: 'idempotent',
  async handler(ctx, { enabled }) {
    await ctx.domain.filters.doToggleTags(ctx.userId, enabled, originOf(ctx));
    return true;
  },
});
