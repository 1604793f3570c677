import { pageSize } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { answerFound, placeOf } from './search-place.ts';

/** Maximum number of locations in one answer. */
const LIMIT_MAX = 100;

/** Returns the live locations currently shared in a dialog, the latest of each author. */
export const getRecentLocations = defineMethod({
  method: 'messages.getRecentLocations',
  access: 'user',
  cost: 2,
  repeat: 'read',
  elsewhere: { peer: 'works' },
  async handler(ctx, req): Promise<tl.messages.Messages> {
    const peer = await ctx.domain.peers.accessInputPeerOrFormer(ctx.userId, req.peer);
    const rows = (await ctx.domain.proximity.listLive(ctx.userId, peer)).slice(0, pageSize(req.limit, LIMIT_MAX));
    return answerFound(ctx, placeOf(ctx, peer), { rows, count: rows.length, hash: req.hash });
  },
});
