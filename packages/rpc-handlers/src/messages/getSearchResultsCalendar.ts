import { cutToBytes } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { accessSurvey } from './access-survey.ts';

/** Returns the days on which a dialog has messages of a kind, with the first and last message of each day. */
export const getSearchResultsCalendar = defineMethod({
  method: 'messages.getSearchResultsCalendar',
  access: 'user',
  cost: 3,
  repeat: 'read',
  async handler(ctx, req): Promise<tl.messages.searchResultsCalendar> {
    const { messages, search } = ctx.domain;
    if (req.filter._ === 'inputMessagesFilterEmpty') throw rpcError('FILTER_NOT_SUPPORTED');
    const query = await accessSurvey(ctx, req);
    const { count, minDate, minId, above, days } = await search.surveyDays(ctx.userId, query, { id: req.offset_id, date: req.offset_date });
    const found = await messages.find(ctx.userId, [...new Set(days.flatMap((day) => [day.maxId, day.minId]))]);
    const rows = cutToBytes([...found.values()].toSorted((a, b) => b.msg_id - a.msg_id), 0);
    const { topics: _topics, ...content } = await messages.project(ctx.userId, rows);
    // Each day comes with its messages; a client asks for more after the last day.
    const oldestId = rows.length < found.size ? rows.at(-1)!.msg_id : 0;
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
