import { defineMethod } from '@aerogram/rpc';

/** Confirms receipt; nothing depends on it, because no notification is held back for messages that were received. */
export const receivedMessages = defineMethod({
  method: 'messages.receivedMessages',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: () => Promise.resolve([]),
});
