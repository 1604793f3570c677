import { defineMethod } from '@aerogram/rpc';

import { accessChannel, actingAs } from './channel-call.ts';

/** Only collectible usernames can be hidden, and there are none: the editable one is always active. */
export const toggleUsername = defineMethod({
  method: 'channels.toggleUsername',
  access: 'user',
  cost: 10,
  limits: { strings: { username: 256 } },
  repeat: 'idempotent',
  async handler(ctx, { channel: input, username, active }) {
    const { channelId } = await accessChannel(ctx, input);
    return ctx.domain.channels.at(channelId).settings.doToggleUsername(actingAs(ctx), username, active);
  },
});
