import { defineMethod } from '@aerogram/rpc';

/** No featured set is ever marked as unread, so there is nothing to keep. */
export const readFeaturedStickers = defineMethod({
  method: 'messages.readFeaturedStickers',
  access: 'user',
  cost: 1,
  limits: { vectors: { id: 200 } },
  repeat: 'idempotent',
  handler: () => Promise.resolve(true),
});
