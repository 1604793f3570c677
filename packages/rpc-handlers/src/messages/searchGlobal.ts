import type { PeerKind } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { listFound } from './answer-messages.ts';
import { kindsOfFilter } from './kinds-of-filter.ts';

/**
 * Searches messages of all dialogs. Message ids ascend across all dialogs of a box, so the next page starts below the last message's id.
 */
export const searchGlobal = defineMethod({
  method: 'messages.searchGlobal',
  access: 'user',
  cost: 5,
  repeat: 'read',
  async handler(ctx, req): Promise<tl.messages.Messages> {
    const { messages, search } = ctx.domain;
    const kinds = kindsOfFilter(req.filter);
    if (req.q.trim() === '' && kinds === undefined) throw rpcError('SEARCH_QUERY_EMPTY');
    const { msgIds, count } = await search.searchMessages(ctx.userId, {
      text: req.q,
      kinds,
      folderId: req.folder_id,
      peerKinds: listPeerKinds(req),
      minDate: req.min_date,
      maxDate: req.max_date,
      offsetId: req.offset_id,
      addOffset: 0,
      limit: req.limit,
      maxId: 0,
      minId: 0,
    });
    const rows = await listFound(ctx, msgIds, req.offset_id);
    const content = await messages.project(ctx.userId, rows);
    const last = rows.at(-1);
    if (rows.length === count || last === undefined) return { _: 'messages.messages', ...content };
    return { _: 'messages.messagesSlice', count, next_rate: last.date, ...content };
  },
});

function listPeerKinds(req: tl.messages.searchGlobal): readonly PeerKind[] | undefined {
  if (req.users_only === true) return ['user'];
  if (req.groups_only === true) return ['group'];
  return req.broadcasts_only === true ? ['channel'] : undefined;
}
