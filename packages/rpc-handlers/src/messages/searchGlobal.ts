import { markedOffsetPeer, type WidePlace } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { isMarkedChannel } from '@aerogram/cluster';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { kindsOfFilter } from './kinds-of-filter.ts';
import { type EverywhereQuery, searchAllChats } from './search-everywhere.ts';
import { projectMixed } from './search-place.ts';

/** Searches messages of all dialogs, newest first. The next page starts after the last message of the one before, with its date as the rate. */
export const searchGlobal = defineMethod({
  method: 'messages.searchGlobal',
  access: 'user',
  cost: 5,
  repeat: 'read',
  elsewhere: { offset_peer: 'works' },
  async handler(ctx, req): Promise<tl.messages.Messages> {
    const kinds = kindsOfFilter(req.filter);
    if (req.q.trim() === '' && kinds === undefined) throw rpcError('SEARCH_QUERY_EMPTY');
    if (req.folder_id !== undefined && req.folder_id !== 0 && req.folder_id !== 1) throw rpcError('FOLDER_ID_INVALID');
    const { rows, count, inexact } = await searchAllChats(ctx, {
      text: req.q,
      kinds,
      folderId: req.folder_id,
      only: scopeOf(req),
      minDate: req.min_date,
      maxDate: req.max_date,
      limit: req.limit,
      after: lastPlace(ctx.userId, req),
    });
    const content = await projectMixed(ctx, rows);
    const last = rows.at(-1);
    if (rows.length === count || last === undefined) return { _: 'messages.messages', ...content };
    return { _: 'messages.messagesSlice', inexact, count, next_rate: last.date, ...content };
  },
});

function scopeOf(req: tl.messages.searchGlobal): EverywhereQuery['only'] {
  if (req.users_only === true) return 'users';
  if (req.groups_only === true) return 'groups';
  return req.broadcasts_only === true ? 'broadcasts' : undefined;
}

/** The last message of the page before; undefined for the first page. */
function lastPlace(userId: bigint, { offset_peer, offset_id: msgId, offset_rate: date }: tl.messages.searchGlobal): WidePlace | undefined {
  if (msgId <= 0) return undefined;
  const peerId = markedOffsetPeer(userId, offset_peer);
  return { owner: peerId !== undefined && isMarkedChannel(peerId) ? peerId : userId, msgId, date };
}
