import { defineMethod } from '@aerogram/rpc';

import { changeSetting } from './channel-call.ts';

/** Admins choose whether a channel has advertisements. There are none, so only their right is checked. */
export const restrictSponsoredMessages = defineMethod({
  method: 'channels.restrictSponsoredMessages',
  access: 'user',
  cost: 2,
  repeat: 'idempotent',
  handler: (ctx, { channel }) => changeSetting(ctx, channel, (settings, acting) => settings.doRestrictSponsored(acting)),
});
