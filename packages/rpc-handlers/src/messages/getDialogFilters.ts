import { defineMethod } from '@aerogram/rpc';

/** Nobody has folders yet; the one that every client shows by itself is named, as the official server does. */
export const getDialogFilters = defineMethod({
  method: 'messages.getDialogFilters',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'folders',
  handler: () => Promise.resolve({ _: 'messages.dialogFilters', filters: [{ _: 'dialogFilterDefault' }] }),
});
