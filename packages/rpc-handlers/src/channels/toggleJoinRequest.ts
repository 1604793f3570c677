import { defineMethod } from '@aerogram/rpc';

import { changeSetting } from './channel-call.ts';

export const toggleJoinRequest = defineMethod({
  method: 'channels.toggleJoinRequest',
  access: 'user',
  cost: 2,
  repeat: 'idempotent',
  presence: 'acting',
  handler: (ctx, { channel, enabled, apply_to_invites }) => changeSetting(ctx, channel, (settings, acting) => settings.doSetJoinRequest(acting, enabled, apply_to_invites === true)),
});
