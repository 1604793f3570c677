import { defineMethod } from '@aerogram/rpc';

import { changeSetting } from './channel-call.ts';

export const toggleJoinToSend = defineMethod({
  method: 'channels.toggleJoinToSend',
  access: 'user',
  cost: 2,
  repeat: 'idempotent',
  presence: 'acting',
  handler: (ctx, { channel, enabled }) => changeSetting(ctx, channel, (settings, acting) => settings.doSetJoinToSend(acting, enabled)),
});
