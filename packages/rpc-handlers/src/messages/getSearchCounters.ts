import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { accessSavedPeer } from './access-saved-peer.ts';
import { kindsOfFilter } from './kinds-of-filter.ts';
import { accessSearchPlace, minIdIn } from './search-place.ts';

/** Maximum number of filters per call; there are fewer kinds. */
const MAX_FILTERS = 32;

/** Returns how many messages of each kind a dialog has, for the tabs of its profile. */
export const getSearchCounters = defineMethod({
  method: 'messages.getSearchCounters',
  access: 'user',
  cost: 4,
  // Each filter is a search of its own.
  itemCosts: { filters: 2 },
  repeat: 'read',
  elsewhere: { peer: 'works', saved_peer_id: 'works' },
  async handler(ctx, req): Promise<tl.messages.SearchCounter[]> {
    const { search } = ctx.domain;
    if (req.filters.length > MAX_FILTERS) throw rpcError('LIMIT_INVALID');
    const place = await accessSearchPlace(ctx, req.peer, req.top_msg_id);
    const savedPeerId = req.saved_peer_id && (await accessSavedPeer(ctx, req.saved_peer_id));
    const mentionedId = place.channelId === undefined ? undefined : ctx.userId;
    const open = { text: '', minDate: 0, maxDate: 0, offsetId: 0, addOffset: 0, limit: 0, minId: minIdIn(place, 0), maxId: 0 };
    const counters: tl.messages.SearchCounter[] = [];
    for (const filter of distinct(req.filters)) {
      const { count, inexact } = await search.searchMessages(place.ownerId, { ...open, peerId: place.peerId, savedPeerId, kinds: kindsOfFilter(filter), mentionedId, part: place.part });
      counters.push({ _: 'messages.searchCounter', inexact, filter, count });
    }
    return counters;
  },
});

/** Leaves out filters that occur twice. */
function distinct(filters: readonly tl.MessagesFilter[]): Iterable<tl.MessagesFilter> {
  return new Map(filters.map((filter) => [`${filter._} ${filter._ === 'inputMessagesFilterPhoneCalls' && filter.missed === true}`, filter])).values();
}
