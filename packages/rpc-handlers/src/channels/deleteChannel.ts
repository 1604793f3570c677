import { defineMethod } from '@aerogram/rpc';

import { changeSetting } from './channel-call.ts';

export const deleteChannel = defineMethod({
  method: 'channels.deleteChannel',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  presence: 'acting',
  handler: (ctx, { channel }) => changeSetting(ctx, channel, (settings, acting) => settings.doDelete(acting)),
});
