import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { accessSurvey } from './access-survey.ts';

/** Returns positions of some messages of a kind in the list of all of them, evenly distributed. */
export const getSearchResultsPositions = defineMethod({
  method: 'messages.getSearchResultsPositions',
  access: 'user',
  cost: 3,
  repeat: 'read',
  elsewhere: { peer: 'works', saved_peer_id: 'works' },
  async handler(ctx, req): Promise<tl.messages.searchResultsPositions> {
    if (req.filter._ === 'inputMessagesFilterEmpty') throw rpcError('FILTER_NOT_SUPPORTED');
    const { place, query } = await accessSurvey(ctx, req);
    const { count, positions } = await ctx.domain.search.surveyPositions(place.ownerId, query, { offsetId: req.offset_id, limit: req.limit });
    return {
      _: 'messages.searchResultsPositions',
      count,
      positions: positions.map(({ msgId, date, offset }) => ({ _: 'searchResultPosition', msg_id: msgId, date, offset })),
    };
  },
});
