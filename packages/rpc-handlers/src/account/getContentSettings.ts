import { defineMethod } from '@aerogram/rpc';

/** This server marks no content as sensitive, so there is nothing to hide or change. */
export const getContentSettings = defineMethod({
  method: 'account.getContentSettings',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: () => Promise.resolve({ _: 'account.contentSettings' }),
});
