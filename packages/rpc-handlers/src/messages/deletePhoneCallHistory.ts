import { defineMethod } from '@aerogram/rpc';

import { originOf, stepBox } from '../origin.ts';

/** Messages that one call deletes; apps ask again until nothing is left. */
const PAGE = 100;

/** Deletes the messages about calls, on both sides if that is wanted. */
export const deletePhoneCallHistory = defineMethod({
  method: 'messages.deletePhoneCallHistory',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  async handler(ctx, { revoke }) {
    const { messages, search } = ctx.domain;
    const { msgIds, count } = await search.searchMessages(ctx.userId, { text: '', kinds: ['call'], minDate: 0, maxDate: 0, minId: 0, maxId: 0, offsetId: 0, addOffset: 0, limit: PAGE });
    const { pts, ptsCount } = await messages.doDelete({ ownerId: ctx.userId, msgIds, revoke: revoke === true, origin: originOf(ctx) });
    stepBox(ctx, pts, ptsCount);
    return { _: 'messages.affectedFoundMessages', pts, pts_count: ptsCount, offset: Math.max(count - msgIds.length, 0), messages: msgIds };
  },
});
