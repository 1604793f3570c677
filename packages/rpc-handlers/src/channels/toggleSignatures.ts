import { defineMethod } from '@aerogram/rpc';

import { changeSetting } from './channel-call.ts';

export const toggleSignatures = defineMethod({
  method: 'channels.toggleSignatures',
  access: 'user',
  cost: 2,
  repeat: 'idempotent',
  presence: 'acting',
  handler: (ctx, { channel, signatures_enabled: shows = false, profiles_enabled: links = false }) => changeSetting(ctx, channel, (settings, acting) => settings.doSetSignatures(acting, { shows, links })),
});
