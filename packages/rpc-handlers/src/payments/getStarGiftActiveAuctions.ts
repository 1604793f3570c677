import { defineMethod } from '@aerogram/rpc';

export const getStarGiftActiveAuctions = defineMethod({
  method: 'payments.getStarGiftActiveAuctions',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: () => Promise.resolve({ _: 'payments.starGiftActiveAuctions', auctions: [], users: [], chats: [] }),
});
