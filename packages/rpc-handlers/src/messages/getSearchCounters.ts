import { refuseChannelsYet } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { accessSavedPeer } from './access-saved-peer.ts';
import { kindsOfFilter } from './kinds-of-filter.ts';

/** Maximum number of filters per call; there are fewer kinds. */
const MAX_FILTERS = 32;

/** Returns how many messages of each kind a dialog has, for the tabs of its profile. */
export const getSearchCounters = defineMethod({
  method: 'messages.getSearchCounters',
  access: 'user',
  cost: 5,
  repeat: 'read',
  async handler(ctx, req): Promise<tl.messages.SearchCounter[]> {
    const { peers, search } = ctx.domain;
    if (req.filters.length > MAX_FILTERS) throw rpcError('LIMIT_INVALID');
    const { peerId } = refuseChannelsYet(await peers.accessInputPeer(ctx.userId, req.peer));
    const savedPeerId = req.saved_peer_id && (await accessSavedPeer(ctx, req.saved_peer_id));
    const open = { text: '', minDate: 0, maxDate: 0, offsetId: 0, addOffset: 0, limit: 0, minId: 0, maxId: 0 };
    const counters: tl.messages.SearchCounter[] = [];
    for (const filter of req.filters) {
      const { count } = await search.searchMessages(ctx.userId, { ...open, peerId, savedPeerId, kinds: kindsOfFilter(filter) });
      counters.push({ _: 'messages.searchCounter', filter, count });
    }
    return counters;
  },
});
