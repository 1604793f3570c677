import { isLive, unpackMessageExtra } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { accessSurvey } from './access-survey.ts';
import { answerMessages, listFound } from './answer-messages.ts';

/** Number of recent locations that are checked; those shared earlier are not found. */
const LOOK_AT = 100;

/** Returns the live locations currently shared in a dialog, the latest of each author. */
export const getRecentLocations = defineMethod({
  method: 'messages.getRecentLocations',
  access: 'user',
  cost: 2,
  repeat: 'read',
  async handler(ctx, req): Promise<tl.messages.Messages> {
    const query = await accessSurvey(ctx, { peer: req.peer, filter: { _: 'inputMessagesFilterGeo' } });
    const { msgIds } = await ctx.domain.search.searchMessages(ctx.userId, { ...query, kinds: ['live_geo'], offsetId: 0, addOffset: 0, limit: LOOK_AT });
    const authors = new Set<bigint>();
    const rows = (await listFound(ctx, msgIds, 0))
      .filter(({ from_id: author, date, extra }) => {
        const { media } = unpackMessageExtra(extra);
        if (media?._ !== 'messageMediaGeoLive' || !isLive(media, date, ctx.clock.now()) || authors.has(author)) return false;
        authors.add(author);
        return true;
      })
      .slice(0, Math.max(req.limit, 0));
    return answerMessages(ctx, rows, rows.length, req.hash);
  },
});
