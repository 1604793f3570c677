import { defineMethod } from '@aerogram/rpc';

import { answerStatuses } from '../emoji-statuses.ts';

/** Lists the emoji statuses that the caller has had, the newest first. */
export const getRecentEmojiStatuses = defineMethod({
  method: 'account.getRecentEmojiStatuses',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, { hash }) {
    return answerStatuses(await ctx.domain.profile.listRecentStatuses(ctx.userId), hash);
  },
});
