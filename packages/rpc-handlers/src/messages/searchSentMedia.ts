import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { answerMessages, listFound } from './answer-messages.ts';
import { kindsOfFilter } from './kinds-of-filter.ts';

/** Returns recent messages of one kind that the caller sent to anybody. */
export const searchSentMedia = defineMethod({
  method: 'messages.searchSentMedia',
  access: 'user',
  cost: 5,
  repeat: 'read',
  async handler(ctx, req): Promise<tl.messages.Messages> {
    const kinds = kindsOfFilter(req.filter);
    if (kinds === undefined) throw rpcError('FILTER_NOT_SUPPORTED');
    const { msgIds, count } = await ctx.domain.search.searchMessages(ctx.userId, {
      text: req.q,
      fromId: ctx.userId,
      kinds,
      minDate: 0,
      maxDate: 0,
      offsetId: 0,
      addOffset: 0,
      limit: req.limit,
      maxId: 0,
      minId: 0,
    });
    return answerMessages(ctx, await listFound(ctx, msgIds, 0), count);
  },
});
