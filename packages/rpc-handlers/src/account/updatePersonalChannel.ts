import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

/** There are no channels to show on a profile; having none is what everybody has. */
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
