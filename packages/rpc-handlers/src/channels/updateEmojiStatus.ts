import { defineMethod } from '@aerogram/rpc';

import { checkEmojiStatus } from '../help/check-emoji-status.ts';
import { changeSetting } from './channel-call.ts';

/** Sets the custom emoji beside the title. */
export const updateEmojiStatus = defineMethod({
  method: 'channels.updateEmojiStatus',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { channel, emoji_status: status }) {
    const look = await checkEmojiStatus(ctx, status);
    return changeSetting(ctx, channel, (settings, acting) => settings.doSetLook(acting, look));
  },
});
