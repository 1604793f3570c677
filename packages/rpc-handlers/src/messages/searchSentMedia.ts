import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { kindsOfFilter } from './kinds-of-filter.ts';
import { searchAllChats } from './search-everywhere.ts';
import { projectMixed } from './search-place.ts';

/** Returns recent messages of one kind that the caller sent to anybody. */
export const searchSentMedia = defineMethod({
  method: 'messages.searchSentMedia',
  access: 'user',
  cost: 5,
  repeat: 'read',
  async handler(ctx, req): Promise<tl.messages.Messages> {
    const kinds = kindsOfFilter(req.filter);
    if (kinds === undefined) throw rpcError('FILTER_NOT_SUPPORTED');
    const query = { text: req.q, fromId: ctx.userId, kinds, minDate: 0, maxDate: 0, limit: req.limit };
    const { rows, count, inexact } = await searchAllChats(ctx, query);
    const content = await projectMixed(ctx, rows);
    return rows.length === count ? { _: 'messages.messages', ...content } : { _: 'messages.messagesSlice', inexact, count, ...content };
  },
});
