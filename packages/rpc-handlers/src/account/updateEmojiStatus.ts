import { defineMethod } from '@aerogram/rpc';

import { checkEmojiStatus } from '../help/check-emoji-status.ts';
import { originOf } from '../origin.ts';

/** Sets the custom emoji beside the caller's name. */
export const updateEmojiStatus = defineMethod({
  method: 'account.updateEmojiStatus',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  async handler(ctx, { emoji_status: status }) {
    await ctx.domain.profile.doUpdateEmojiStatus(ctx.userId, await checkEmojiStatus(ctx, status), originOf(ctx));
    return true;
  },
});
