import { defineMethod } from '@aerogram/rpc';

import { checkEmojiStatus } from '../help/check-emoji-status.ts';
import { changeSetting } from './channel-call.ts';

/** Sets the custom emoji beside the title, one of those that ship with the server. */
export const updateEmojiStatus = defineMethod({
  method: 'channels.updateEmojiStatus',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  presence: 'acting',
  handler(ctx, { channel, emoji_status: status }) {
    return changeSetting(ctx, channel, (settings, acting) => settings.doSetLook(acting, checkEmojiStatus(status, ctx.clock.now())));
  },
});
