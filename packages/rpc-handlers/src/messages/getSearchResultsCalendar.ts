import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { accessSurvey } from './access-survey.ts';
import { listFound, projectMixed } from './search-place.ts';

/** Returns the days on which a dialog has messages of a kind, with the first and last message of each day. */
export const getSearchResultsCalendar = defineMethod({
  method: 'messages.getSearchResultsCalendar',
  access: 'user',
  cost: 3,
  repeat: 'read',
  elsewhere: { peer: 'works', saved_peer_id: 'works' },
  async handler(ctx, req): Promise<tl.messages.searchResultsCalendar> {
    const { search } = ctx.domain;
    if (req.filter._ === 'inputMessagesFilterEmpty') throw rpcError('FILTER_NOT_SUPPORTED');
    const { place, query } = await accessSurvey(ctx, req);
    const { count, minDate, minId, above, days } = await search.surveyDays(place.ownerId, query, { id: req.offset_id, date: req.offset_date });
    const named = [...new Set(days.flatMap((day) => [day.maxId, day.minId]))].toSorted((a, b) => b - a);
    const rows = await listFound(ctx, place, named, 0);
    const content = await projectMixed(ctx, rows);
    // Each day comes with its messages; a client asks for more after the last day.
    const oldestId = rows.length < named.length ? (rows.at(-1)?.msg_id ?? 0) : 0;
    return {
      _: 'messages.searchResultsCalendar',
      count,
      min_date: minDate,
      min_msg_id: minId,
      offset_id_offset: req.offset_id > 0 ? above : undefined,
      periods: days.filter((day) => day.minId >= oldestId).map((day) => ({ _: 'searchResultsCalendarPeriod', date: day.date, min_msg_id: day.minId, max_msg_id: day.maxId, count: day.count })),
      ...content,
    };
  },
});
