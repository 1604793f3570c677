import { sql } from '@aerogram/storage';
import type { Database } from '@aerogram/storage';

import { projectQuery, type TermsQuery } from './message-terms.ts';

/** Maximum number of messages in one answer. */
const LIMIT_MAX = 100;
/** Marked ids of channels are below this value, those of groups above. */
const CHANNELS_BELOW = -1_000_000_000_000n;

/** The conditions on messages of a box. Ids and dates of 0 set no bound. */
export interface MatchQuery extends TermsQuery {
  minDate: number;
  maxDate: number;
  /** Exclusive. */
  minId: number;
  /** Exclusive. */
  maxId: number;
  /** Only dialogs of this folder. */
  folderId?: number | undefined;
  /** Only dialogs of these kinds; undefined for all. */
  peerKinds?: readonly PeerKind[] | undefined;
  /** Only messages in Saved Messages that have all of these tags. */
  tags?: readonly string[] | undefined;
}

/** The conditions and the requested page of the results. */
export interface MessageQuery extends MatchQuery {
  offsetId: number;
  addOffset: number;
  limit: number;
}

/** The kind of a dialog's peer, which follows from the marked id. */
export type PeerKind = 'user' | 'group' | 'channel';

/** The result of a search. */
export interface MessageMatches {
  /** Newest first. */
  msgIds: number[];
  /** Number of all matches, not only those on the page. */
  count: number;
}

/**
 * Searches the messages of a box. The page is selected as in histories.
 * @see https://core.telegram.org/api/offsets
 */
export async function searchRows(db: Database, ownerId: bigint, query: MessageQuery): Promise<MessageMatches> {
  const found = matchesOf(ownerId, query);
  if (found === undefined) return { msgIds: [], count: 0 };
  const { offsetId } = query;
  const limit = Math.min(Math.max(query.limit, 0), LIMIT_MAX);
  const addOffset = Math.max(query.addOffset, -LIMIT_MAX * 2);
  const newerLimit = addOffset < 0 && offsetId > 0 ? -addOffset : 0;
  const olderLimit = Math.max(Math.min(limit, limit + addOffset), 0);
  const { rows } = await sql<{ count: bigint; older: number[]; newer: number[] }>`
    WITH found AS MATERIALIZED (${found})
    SELECT (SELECT count(*) FROM found) AS count,
           ARRAY(SELECT msg_id FROM found WHERE ${offsetId}::integer <= 0 OR msg_id < ${offsetId}::integer
                  ORDER BY msg_id DESC OFFSET ${Math.max(addOffset, 0)} LIMIT ${olderLimit}) AS older,
           ARRAY(SELECT msg_id FROM found WHERE msg_id >= ${offsetId}::integer ORDER BY msg_id LIMIT ${newerLimit}) AS newer`.execute(db.q);
  const { count, older, newer } = rows[0]!;
  return { msgIds: [...newer.slice(Math.max(0, -addOffset - limit)).toReversed(), ...older], count: Number(count) };
}

/**
 * The query for all matches; undefined if there can be none. It is not a prepared statement, because a good plan depends on how many rows a
 * word has.
 */
export function matchesOf(ownerId: bigint, query: MatchQuery) {
  const terms = projectQuery(ownerId, query);
  if (terms === undefined) return undefined;
  const { minDate, maxDate, minId, maxId, folderId, peerKinds, tags = [] } = query;
  return sql<{ msg_id: number; date: number }>`
      SELECT msg_id, date FROM message_search AS s
       WHERE owner_id = ${ownerId} AND terms @@ ${terms}::tsquery
         AND (${folderId ?? -1}::integer < 0 OR EXISTS (
           SELECT FROM dialogs AS d WHERE d.owner_id = ${ownerId} AND d.peer_id = s.peer_id AND d.folder_id = ${folderId ?? -1}::integer))
         AND (${peerKinds === undefined} OR ${[...(peerKinds ?? [])]}::text[] @> ARRAY[
           CASE WHEN s.peer_id > 0 THEN 'user' WHEN s.peer_id > ${CHANNELS_BELOW} THEN 'group' ELSE 'channel' END])
         AND (${tags.length}::integer = 0 OR ${tags.length}::integer = (
           SELECT count(*) FROM message_tags AS t WHERE t.owner_id = ${ownerId} AND t.msg_id = s.msg_id AND t.emoticon = ANY (${[...tags]}::text[])))
         AND (${minDate}::integer <= 0 OR date >= ${minDate}::integer) AND (${maxDate}::integer <= 0 OR date <= ${maxDate}::integer)
         AND (${minId}::integer <= 0 OR msg_id > ${minId}::integer) AND (${maxId}::integer <= 0 OR msg_id < ${maxId}::integer)`;
}
