import { defineMethod } from '@aerogram/rpc';

import { changeSetting } from './channel-call.ts';

export const togglePreHistoryHidden = defineMethod({
  method: 'channels.togglePreHistoryHidden',
  access: 'user',
  cost: 2,
  repeat: 'idempotent',
  presence: 'acting',
  handler: (ctx, { channel, enabled }) => changeSetting(ctx, channel, (settings, acting) => settings.doHideHistory(acting, enabled)),
});
