import { defineMethod } from '@aerogram/rpc';

import { changeSetting } from './channel-call.ts';

export const toggleSlowMode = defineMethod({
  method: 'channels.toggleSlowMode',
  access: 'user',
  cost: 2,
  repeat: 'idempotent',
  presence: 'acting',
  handler: (ctx, { channel, seconds }) => changeSetting(ctx, channel, (settings, acting) => settings.doSetSlowMode(acting, seconds)),
});
