import { defineMethod } from '@aerogram/rpc';

export const getSuggestedDialogFilters = defineMethod({
  method: 'messages.getSuggestedDialogFilters',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: (ctx) => ctx.domain.filters.listSuggested(ctx.userId),
});
