import { defineMethod } from '@aerogram/rpc';

export const getSuggestedDialogFilters = defineMethod({
  method: 'messages.getSuggestedDialogFilters',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'folders',
  handler: () => Promise.resolve([]),
});
