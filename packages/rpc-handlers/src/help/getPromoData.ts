import { defineMethod } from '@aerogram/rpc';

const ASK_AGAIN_S = 24 * 3600;

/** This server has no promoted chats. */
export const getPromoData = defineMethod({
  method: 'help.getPromoData',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: ({ clock }) =>
    Promise.resolve({ _: 'help.promoDataEmpty', expires: clock.now() + ASK_AGAIN_S }),
});
