import { defineMethod } from '@aerogram/rpc';

import { changeSetting } from './channel-call.ts';

export const toggleForum = defineMethod({
  method: 'channels.toggleForum',
  access: ['user', 'bot'],
  cost: 2,
  repeat: 'idempotent',
  presence: 'acting',
  handler: (ctx, { channel, enabled, tabs }) => changeSetting(ctx, channel, (settings, acting) => settings.doSetForum(acting, enabled, tabs)),
});
