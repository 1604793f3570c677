import { defineMethod } from '@aerogram/rpc';

/** Subscribers of Premium choose whether they see advertisements. There are none, so nothing is stored. */
export const toggleSponsoredMessages = defineMethod({
  method: 'account.toggleSponsoredMessages',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  handler: () => Promise.resolve(true),
});
