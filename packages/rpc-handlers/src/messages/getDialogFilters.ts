import { defineMethod } from '@aerogram/rpc';

export const getDialogFilters = defineMethod({
  method: 'messages.getDialogFilters',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx) {
    const { filters, tags } = await ctx.domain.filters.list(ctx.userId);
    return { _: 'messages.dialogFilters', tags_enabled: tags ? true : undefined, filters };
  },
});
