import { defineMethod } from '@aerogram/rpc';

import { changeSetting } from './channel-call.ts';

export const convertToGigagroup = defineMethod({
  method: 'channels.convertToGigagroup',
  access: 'user',
  cost: 2,
  repeat: 'idempotent',
  presence: 'acting',
  handler: (ctx, { channel }) => changeSetting(ctx, channel, (settings, acting) => settings.doMakeGigagroup(acting)),
});
