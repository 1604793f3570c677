import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

/** There are no channels, so no profile can have one. */
export const updatePersonalChannel = defineMethod({
  method: 'account.updatePersonalChannel',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  handler: (_ctx, { channel }) => {
    if (channel._ !== 'inputChannelEmpty') throw rpcError('CHANNEL_INVALID');
    return Promise.resolve(true);
  },
});
