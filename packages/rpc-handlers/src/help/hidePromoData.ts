import { defineMethod } from '@aerogram/rpc';

/** This server promotes nothing, so there is nothing left to hide. */
export const hidePromoData = defineMethod({
  method: 'help.hidePromoData',
  access: 'user',
  cost: 1,
  repeat: 'idempotent',
  handler: () => Promise.resolve(true),
});
