import { defineMethod } from '@aerogram/rpc';

/** Nothing is marked as sensitive on this server, so there is nothing to hide or to change. */
export const getContentSettings = defineMethod({
  method: 'account.getContentSettings',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: () => Promise.resolve({ _: 'account.contentSettings' }),
});
