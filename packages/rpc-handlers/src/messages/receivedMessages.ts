import { defineMethod } from '@aerogram/rpc';

/** Confirms receipt. It has no effect, because notifications do not depend on it. */
export const receivedMessages = defineMethod({
  method: 'messages.receivedMessages',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: () => Promise.resolve([]),
});
