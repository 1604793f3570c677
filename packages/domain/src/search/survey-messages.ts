import { pageSize } from '@aerogram/runtime';
import { sql } from '@aerogram/storage';
import type { Database } from '@aerogram/storage';

import { matchesOf, type MatchQuery } from './search-messages.ts';

const DAY_S = 86_400;
/** Maximum number of days in one answer. */
const DAYS_MAX = 100;
/** Maximum number of positions in one answer. */
const POSITIONS_MAX = 2000;

/** A day (UTC) with matches. */
export interface SearchDay {
  date: number;
  minId: number;
  maxId: number;
  count: number;
}

/** The matches grouped by day. */
export interface SearchCalendar {
  /** Number of all matches. */
  count: number;
  /** Date of the oldest match; 0 if there are none. */
  minDate: number;
  minId: number;
  /** Number of matches at or above the offset. */
  above: number;
  /** The newest days below the offset, newest first. */
  days: SearchDay[];
}

/** A match, with the number of newer matches as its offset. */
export interface SearchPosition {
  msgId: number;
  date: number;
  offset: number;
}

/**
 * Counts the matches of each day below an offset, newest day first.
 * @param offset only matches below this id and before this date (unix seconds); 0 sets no bound
 */
export async function surveyDays(db: Database, ownerId: bigint, query: MatchQuery, offset: { id: number; date: number }): Promise<SearchCalendar> {
  const found = matchesOf(ownerId, query);
  if (found === undefined) return { count: 0, minDate: 0, minId: 0, above: 0, days: [] };
  const { rows } = await sql<{ count: bigint; min_date: number | null; min_id: number | null; below: bigint }>`
    WITH found AS MATERIALIZED (${found})
    SELECT count(*) AS count, min(date) AS min_date, min(msg_id) AS min_id, count(*) FILTER (WHERE ${below(offset)}) AS below FROM found`.execute(db.q);
  const days = await sql<{ date: number; min_id: number; max_id: number; count: bigint }>`
    WITH found AS MATERIALIZED (${found})
    SELECT date - date % ${DAY_S}::integer AS date, min(msg_id) AS min_id, max(msg_id) AS max_id, count(*) AS count
      FROM found WHERE ${below(offset)} GROUP BY 1 ORDER BY 1 DESC LIMIT ${DAYS_MAX}`.execute(db.q);
  const all = rows[0]!;
  return {
    count: Number(all.count),
    minDate: all.min_date ?? 0,
    minId: all.min_id ?? 0,
    above: Number(all.count - all.below),
    days: days.rows.map((day) => ({ date: day.date, minId: day.min_id, maxId: day.max_id, count: Number(day.count) })),
  };
}

/** Returns evenly spaced matches below an offset, newest first, with which clients scroll quickly through a long list. */
export async function surveyPositions(
  db: Database,
  ownerId: bigint,
  query: MatchQuery,
  window: { offsetId: number; limit: number },
): Promise<{ count: number; positions: SearchPosition[] }> {
  const found = matchesOf(ownerId, query);
  if (found === undefined) return { count: 0, positions: [] };
  const limit = pageSize(window.limit, POSITIONS_MAX);
  const { rows } = await sql<{ count: bigint; msg_id: number; date: number; place: bigint }>`
    WITH found AS MATERIALIZED (${found}),
         placed AS (SELECT msg_id, date, row_number() OVER (ORDER BY msg_id DESC) - 1 AS place, count(*) OVER () AS count FROM found),
         wanted AS (SELECT *, row_number() OVER (ORDER BY msg_id DESC) - 1 AS at, count(*) OVER () AS below
                      FROM placed WHERE ${window.offsetId}::integer <= 0 OR msg_id < ${window.offsetId}::integer)
    SELECT count, msg_id, date, place FROM wanted
     WHERE at % greatest((below + ${limit}::bigint - 1) / ${limit}::bigint, 1) = 0 ORDER BY msg_id DESC LIMIT ${limit}`.execute(db.q);
  // Without a match below the offset, the total has to be counted separately.
  const count = rows[0]?.count ?? (await sql<{ count: bigint }>`SELECT count(*) AS count FROM (${found}) AS found`.execute(db.q)).rows[0]!.count;
  return { count: Number(count), positions: rows.map((row) => ({ msgId: row.msg_id, date: row.date, offset: Number(row.place) })) };
}

function below({ id, date }: { id: number; date: number }) {
  return sql<boolean>`(${id}::integer <= 0 OR msg_id < ${id}::integer) AND (${date}::integer <= 0 OR date < ${date}::integer)`;
}
