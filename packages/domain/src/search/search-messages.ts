import { windowSize } from '@aerogram/runtime';
import { sql } from '@aerogram/storage';
import type { Database } from '@aerogram/storage';

import { projectQuery, type TermsQuery } from './message-terms.ts';

/** Maximum number of messages in one answer. */
export const LIMIT_MAX = 100;
/** No more matches than this are counted, because counting reads each of them. */
export const COUNTED_MAX = 20_000;

/** The conditions on messages of a box. Ids and dates of 0 set no bound. */
export interface MatchQuery extends TermsQuery {
  minDate: number;
  maxDate: number;
  /** Exclusive. */
  minId: number;
  /** Exclusive. */
  maxId: number;
  /** Only messages in Saved Messages that have all of these tags, by the keys of the reactions. */
  tags?: readonly string[] | undefined;
}

/** The conditions and the requested page of the results. */
export interface MessageQuery extends MatchQuery {
  offsetId: number;
  addOffset: number;
  limit: number;
}

/** The kind of a dialog's peer, which follows from the marked id. A user's box has no messages of supergroups and channels. */
export type PeerKind = 'user' | 'group';

/** The result of a search. */
export interface MessageMatches {
  /** Newest first. */
  msgIds: number[];
  /** Number of all matches, not only those on the page. */
  count: number;
  /** There are more matches than were counted. */
  inexact?: true;
}

/**
 * Searches the messages of a box. The page is selected as in histories.
 * @see https://core.telegram.org/api/offsets
 */
export async function searchRows(db: Database, ownerId: bigint, query: MessageQuery): Promise<MessageMatches> {
  const found = matchesOf(ownerId, query);
  if (found === undefined) return { msgIds: [], count: 0 };
  const { offsetId } = query;
  const limit = windowSize(query.limit, LIMIT_MAX);
  const addOffset = Math.max(query.addOffset, -LIMIT_MAX * 2);
  const newerLimit = addOffset < 0 && offsetId > 0 ? -addOffset : 0;
  const olderLimit = addOffset > COUNTED_MAX ? 0 : Math.max(Math.min(limit, limit + addOffset), 0);
  const page = sql`
    ARRAY(SELECT msg_id FROM found WHERE ${offsetId}::integer <= 0 OR msg_id < ${offsetId}::integer
           ORDER BY msg_id DESC OFFSET ${Math.max(addOffset, 0)} LIMIT ${olderLimit}) AS older,
    ARRAY(SELECT msg_id FROM found WHERE msg_id >= ${offsetId}::integer ORDER BY msg_id LIMIT ${newerLimit}) AS newer`;
  // The usual search has few matches, so it reads them once, without an order, and counts and orders what it has read.
  const first = await sql<Page & { count: bigint }>`
    WITH found AS MATERIALIZED (${found} LIMIT ${COUNTED_MAX + 1}) SELECT (SELECT count(*) FROM found) AS count, ${page}`.execute(db.q);
  const { count } = first.rows[0]!;
  const { rows } = count > COUNTED_MAX && limit > 0 ? await sql<Page>`WITH found AS NOT MATERIALIZED (${found}) SELECT ${page}`.execute(db.q) : first;
  const { older, newer } = rows[0]!;
  const msgIds = [...newer.slice(Math.max(0, -addOffset - limit)).toReversed(), ...older];
  return count > COUNTED_MAX ? { msgIds, count: COUNTED_MAX, inexact: true } : { msgIds, count: Number(count) };
}

interface Page {
  older: number[];
  newer: number[];
}

/**
 * The query for all matches; undefined if there can be none. It is not a prepared statement, because a good plan depends on how many rows a
 * word has.
 */
export function matchesOf(ownerId: bigint, query: MatchQuery) {
  const terms = projectQuery(ownerId, query);
  if (terms === undefined) return undefined;
  const { minDate, maxDate, minId, maxId, tags = [] } = query;
  return sql<{ msg_id: number; date: number }>`
      SELECT msg_id, date FROM message_search AS s
       WHERE owner_id = ${ownerId} AND terms @@ ${terms}::tsquery
         AND (${tags.length}::integer = 0 OR ${tags.length}::integer = (
           SELECT count(*) FROM message_tags AS t WHERE t.owner_id = ${ownerId} AND t.msg_id = s.msg_id AND t.emoticon = ANY (${[...tags]}::text[])))
         AND (${minDate}::integer <= 0 OR date >= ${minDate}::integer) AND (${maxDate}::integer <= 0 OR date <= ${maxDate}::integer)
         AND (${minId}::integer <= 0 OR msg_id > ${minId}::integer) AND (${maxId}::integer <= 0 OR msg_id < ${maxId}::integer)`;
}

/** The condition on the dialogs of the matches `s` in a user's box. */
export function peerConditions(ownerId: bigint, { folderId, peerKinds }: { folderId?: number | undefined; peerKinds?: readonly PeerKind[] | undefined }) {
  return sql<boolean>`
    (${folderId ?? -1}::integer < 0 OR EXISTS (
      SELECT FROM dialogs AS d WHERE d.owner_id = ${ownerId} AND d.peer_id = s.peer_id AND d.folder_id = ${folderId ?? -1}::integer))
    AND (${peerKinds === undefined} OR ${[...(peerKinds ?? [])]}::text[] @> ARRAY[CASE WHEN s.peer_id > 0 THEN 'user' ELSE 'group' END])`;
}
