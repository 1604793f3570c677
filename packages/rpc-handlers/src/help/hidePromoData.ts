import { defineMethod } from '@aerogram/rpc';

/** This server has no promoted chats, so there is nothing to hide. */
export const hidePromoData = defineMethod({
  method: 'help.hidePromoData',
  access: 'user',
  cost: 1,
  repeat: 'idempotent',
  handler: () => Promise.resolve(true),
});
