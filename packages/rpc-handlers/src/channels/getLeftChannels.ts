import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

/** Only exports of all data may ask for channels that the caller has left, and there are no such exports yet. */
export const getLeftChannels = defineMethod({
  method: 'channels.getLeftChannels',
  access: 'user',
  cost: 5,
  repeat: 'read',
  handler() {
    throw rpcError('TAKEOUT_REQUIRED');
  },
});
