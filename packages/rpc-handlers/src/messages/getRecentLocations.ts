import { isLive, unpackMessageExtra } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { accessSurvey } from './access-survey.ts';
import { answerFound, listFound } from './search-place.ts';

/** Number of recent locations that are checked; those shared earlier are not found. */
const LOOK_AT = 100;

/** Returns the live locations currently shared in a dialog, the latest of each author. */
export const getRecentLocations = defineMethod({
  method: 'messages.getRecentLocations',
  access: 'user',
  cost: 2,
  repeat: 'read',
  async handler(ctx, req): Promise<tl.messages.Messages> {
    const { place, query } = await accessSurvey(ctx, { peer: req.peer, filter: { _: 'inputMessagesFilterGeo' } });
    const { msgIds } = await ctx.domain.search.searchMessages(place.ownerId, { ...query, kinds: ['live_geo'], offsetId: 0, addOffset: 0, limit: LOOK_AT });
    const authors = new Set<bigint>();
    const rows = (await listFound(ctx, place, msgIds, 0))
      .filter(({ from_id: author, date, extra }) => {
        const { media } = unpackMessageExtra(extra);
        if (media?._ !== 'messageMediaGeoLive' || !isLive(media, date, ctx.clock.now()) || authors.has(author)) return false;
        authors.add(author);
        return true;
      })
      .slice(0, Math.max(req.limit, 0));
    return answerFound(ctx, place, { rows, count: rows.length, hash: req.hash });
  },
});
