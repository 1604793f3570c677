import { pageSize } from '@aerogram/runtime';
import { type Database, type Queries, sql } from '@aerogram/storage';

import { projectQuery, type TermsQuery } from './message-terms.ts';
import { useIndexes, useTermIndex } from './planner.ts';
import { COUNTED_MAX, LIMIT_MAX, type PeerKind, peerConditions } from './search-messages.ts';

/** A box or channel to search in. */
export interface SearchedBox {
  /** The user, or the marked id of a channel. */
  owner: bigint;
  /** Messages below this id are left out. */
  startId: number;
}

/** A search in a user's box and in channels at once. Dates of 0 set no bound. */
export interface WideQuery extends Pick<TermsQuery, 'text' | 'fromId' | 'kinds'> {
  minDate: number;
  maxDate: number;
  /** In the user's own box: only dialogs of this folder. */
  folderId?: number | undefined;
  /** In the user's own box: only dialogs of these kinds. */
  peerKinds?: readonly PeerKind[] | undefined;
  limit: number;
  /** The last message of the previous page; undefined for the first page. */
  after: WidePlace | undefined;
}

/** Where a message is, and when it was sent in unix seconds; 0 if the client does not say. */
export interface WidePlace {
  owner: bigint;
  msgId: number;
  date: number;
}

/** The result of a search in several boxes. */
export interface WideMatches {
  /** Newest first. */
  places: { owner: bigint; msgId: number }[];
  /** Number of all matches, not only those on the page. */
  count: number;
  /** There are more matches than were counted. */
  inexact?: true;
}

/** How many messages are examined, of all boxes together, in which there are more matches than are counted. */
const EXAMINED_MAX = 50_000;
/** How many messages of each box are examined at least. */
const EXAMINED_MIN = 200;

type Box = SearchedBox & { terms: string };

/** A search, made ready for the database. */
interface PreparedQuery extends Pick<WideQuery, 'minDate' | 'maxDate' | 'folderId' | 'peerKinds'> {
  ownerId: bigint;
  boxes: readonly Box[];
  limit: number;
  from: WidePlace | undefined;
}

/**
 * Searches several boxes. The matches are ordered by date, because ids of different channels cannot be compared. In each box a bounded number
 * of matches is read. If there are more in some boxes, their newest messages are examined one by one, a bounded number, and the page ends where
 * a box was not examined any further.
 * @param ownerId the user to whose box `folderId` and `peerKinds` apply
 */
export async function searchEverywhere(db: Database, ownerId: bigint, boxes: readonly SearchedBox[], query: WideQuery): Promise<WideMatches> {
  const searched = boxes.flatMap((box): Box[] => {
    const terms = projectQuery(box.owner, query);
    return terms === undefined ? [] : [{ ...box, terms }];
  });
  if (searched.length === 0) return { places: [], count: 0 };
  const { after } = query;
  // The date of a message of another box would tell about messages that the user may not see.
  const startIn = new Map(boxes.map((box) => [box.owner, box.startId]));
  const startId = after && startIn.get(after.owner);
  const from = startId === undefined ? after : { ...after!, date: await findDate(db, after!, startId) };
  const limit = pageSize(query.limit, LIMIT_MAX);
  const prepared: PreparedQuery = { ...query, ownerId, boxes: searched, limit, from };
  return db.readRepeatable('search-everywhere', async (reads) => {
    await reads.run(useTermIndex, []);
    const { count, full, sure, others } = await findMatches(reads, prepared);
    if (full.length === 0) return { places: sure, count: Math.min(count, COUNTED_MAX), ...(full.length > 0 && { inexact: true as const }) };
    await reads.run(useIndexes, []);
    const fullBoxes = searched.filter((box) => full.includes(box.owner));
    const { places, horizon } = await examineNewest(reads, { ...prepared, boxes: fullBoxes });
    const all = [...sure, ...places].toSorted(byDate);
    const certain = all.filter(({ date }) => date >= horizon);
    const known = new Set(places.map(keyOf));
    const page = certain.length > 0 ? certain : [...all, ...others.filter((place) => !known.has(keyOf(place)))].toSorted(byDate);
    return { places: page.slice(0, limit), count: COUNTED_MAX, inexact: true };
  });
}

/** The matches that were read of each box, newest first. */
interface ReadMatches {
  count: number;
  /** The boxes that have more matches than were read. */
  full: bigint[];
  /** The page, of boxes of which all matches were read, and of the other ones. */
  sure: WidePlace[];
  others: WidePlace[];
}

async function findMatches(reads: Queries, query: PreparedQuery): Promise<ReadMatches> {
  const { boxes, limit, from } = query;
  const most = Math.max(Math.ceil(COUNTED_MAX / boxes.length), LIMIT_MAX);
  const page = (isFull: boolean) => sql`
    ARRAY(SELECT date || ' ' || owner_id || ' ' || msg_id FROM found WHERE ${isOlder(from)} AND (owner_id IN (SELECT owner_id FROM crowded)) = ${isFull}
           ORDER BY date DESC, owner_id DESC, msg_id DESC LIMIT ${limit})`;
  const { rows } = await sql<{ count: bigint; full: bigint[]; sure: string[]; others: string[] }>`
    WITH found AS MATERIALIZED (
      SELECT s.owner_id, s.msg_id, s.date
        FROM unnest(${boxes.map((box) => box.owner)}::bigint[], ${boxes.map((box) => box.terms)}::text[],
                    ${boxes.map((box) => box.startId)}::integer[]) AS w (searched_id, query, start_id)
       CROSS JOIN LATERAL (
         SELECT owner_id, msg_id, date FROM message_search AS s
          WHERE owner_id = w.searched_id AND terms @@ w.query::tsquery AND msg_id >= w.start_id AND ${fits(query)} LIMIT ${most + 1}) AS s),
    crowded AS MATERIALIZED (SELECT owner_id FROM found GROUP BY owner_id HAVING count(*) > ${most})
    SELECT (SELECT count(*) FROM found) AS count, ARRAY(SELECT owner_id FROM crowded) AS full, ${page(false)} AS sure, ${page(true)} AS others`.execute(reads.q);
  const { count, full, sure, others } = rows[0]!;
  return { count: Number(count), full, sure: sure.map(parsePlace), others: others.map(parsePlace) };
}

/**
 * Finds matches among the newest messages of each box, from where the page begins.
 * @returns the matches, and the date before which there may be further ones that were not examined; 0 if there are none
 */
async function examineNewest(reads: Queries, query: PreparedQuery): Promise<{ places: WidePlace[]; horizon: number }> {
  const { boxes, limit, from, maxDate, minDate } = query;
  const size = Math.max(Math.floor(EXAMINED_MAX / boxes.length), EXAMINED_MIN);
  const dates = [from?.date ?? 0, maxDate].filter((date) => date > 0);
  const starts = await findLastIds(reads, boxes, dates.length === 0 ? undefined : Math.min(...dates));
  const { rows } = await sql<{ owner: bigint; size: bigint; last: number | null; page: string[] }>`
    SELECT w.searched_id AS owner, x.size, x.last, x.page
      FROM unnest(${boxes.map((box) => box.owner)}::bigint[], ${boxes.map((box) => box.terms)}::text[],
                  ${boxes.map((box) => box.startId)}::integer[], ${starts}::integer[]) AS w (searched_id, query, start_id, up_to)
     CROSS JOIN LATERAL (
       SELECT count(*) AS size, min(date) AS last,
              (COALESCE(array_agg(date || ' ' || owner_id || ' ' || msg_id ORDER BY msg_id DESC) FILTER (WHERE fits), '{}'))[1:${sql.lit(limit)}] AS page
         FROM (SELECT owner_id, msg_id, date, terms @@ w.query::tsquery AND ${isOlder(from)} AND ${fits(query)} AS fits
                 FROM message_search AS s WHERE owner_id = w.searched_id AND msg_id >= w.start_id AND msg_id <= w.up_to
                ORDER BY msg_id DESC LIMIT ${size}) AS newest) AS x`.execute(reads.q);
  const cut = rows.filter((row) => Number(row.size) === size && row.page.length < limit && (row.last ?? 0) >= minDate);
  return { places: rows.flatMap((row) => row.page.map(parsePlace)), horizon: Math.max(0, ...cut.map((row) => row.last ?? 0)) };
}

/**
 * Finds the id of the last message of each box up to a date, by bisection: later messages have higher ids.
 * @param date undefined: the newest message
 */
async function findLastIds(reads: Queries, boxes: readonly Box[], date: number | undefined): Promise<number[]> {
  const MAX_ID = 2 ** 31 - 1;
  if (date === undefined) return boxes.map(() => MAX_ID);
  const owners = boxes.map((box) => box.owner);
  const newest = await sql<{ id: number }>`
    SELECT COALESCE((SELECT max(msg_id) FROM message_search WHERE owner_id = o), 0) AS id FROM unnest(${owners}::bigint[]) WITH ORDINALITY AS n (o, i) ORDER BY i`.execute(reads.q);
  const low = boxes.map(() => 0);
  const high = newest.rows.map((row) => row.id);
  while (low.some((id, at) => id < high[at]!)) {
    const middle = low.map((id, at) => Math.ceil((id + high[at]!) / 2));
    const { rows } = await sql<{ date: number | null }>`
      SELECT (SELECT date FROM message_search WHERE owner_id = o AND msg_id >= m ORDER BY msg_id LIMIT 1) AS date
        FROM unnest(${owners}::bigint[], ${middle}::integer[]) WITH ORDINALITY AS n (o, m, i) ORDER BY i`.execute(reads.q);
    for (const [at, row] of rows.entries()) {
      if (row.date !== null && row.date <= date) low[at] = middle[at]!;
      else high[at] = middle[at]! - 1;
    }
  }
  return low;
}

/** The conditions on a match `s` apart from its terms. */
function fits({ ownerId, minDate, maxDate, ...rest }: PreparedQuery) {
  return sql<boolean>`
    (${minDate}::integer <= 0 OR date >= ${minDate}::integer) AND (${maxDate}::integer <= 0 OR date <= ${maxDate}::integer)
    AND (s.owner_id <> ${ownerId} OR (${peerConditions(ownerId, rest)}))`;
}

function isOlder(from: WidePlace | undefined) {
  if (from === undefined) return sql<boolean>`true`;
  return sql<boolean>`(date, owner_id, msg_id) < (${from.date}::integer, ${from.owner}::bigint, ${from.msgId}::integer)`;
}

/**
 * The date of the message after which a page begins: its own one, or, if it was deleted, what the client says or the date of the one before it.
 * @param startId messages below this id are not looked at
 */
async function findDate(db: Database, { owner, msgId, date }: WidePlace, startId: number): Promise<number> {
  const row = await db.q
    .selectFrom('message_search')
    .select(['msg_id', 'date'])
    .where('owner_id', '=', owner)
    .where('msg_id', '<=', msgId)
    .where('msg_id', '>=', startId)
    .orderBy('msg_id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined || (row.msg_id < msgId && date > 0) ? date : row.date;
}

function parsePlace(text: string): WidePlace {
  const [date, owner, msgId] = text.split(' ') as [string, string, string];
  return { date: Number(date), owner: BigInt(owner), msgId: Number(msgId) };
}

const keyOf = ({ owner, msgId }: WidePlace): string => `${owner} ${msgId}`;

/** Newest first. */
function byDate(a: WidePlace, b: WidePlace): number {
  if (a.date !== b.date) return b.date - a.date;
  if (a.owner !== b.owner) return a.owner > b.owner ? -1 : 1;
  return b.msgId - a.msgId;
}
