import { defineMethod } from '@aerogram/rpc';

import { hashOf } from '../hash-of.ts';

/** Lists the emoji statuses that the caller has had, the newest first. */
export const getRecentEmojiStatuses = defineMethod({
  method: 'account.getRecentEmojiStatuses',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, { hash }) {
    const ids = await ctx.domain.profile.listRecentStatuses(ctx.userId);
    const own = hashOf(ids);
    if (hash !== 0n && hash === own) return { _: 'account.emojiStatusesNotModified' };
    return { _: 'account.emojiStatuses', hash: own, statuses: ids.map((document_id) => ({ _: 'emojiStatus', document_id })) };
  },
});
