import { sql } from '@aerogram/storage';
import type { Database } from '@aerogram/storage';

import { projectQuery, type TermsQuery } from './message-terms.ts';

/** Messages of one answer at most. */
const LIMIT_MAX = 100;
/** Marked channels are below it, marked groups above. */
const CHANNELS_BELOW = -1_000_000_000_000n;

/** Which messages of a box are looked for. Ids and dates of 0 are open. */
export interface MatchQuery extends TermsQuery {
  minDate: number;
  maxDate: number;
  /** Excluded. */
  minId: number;
  /** Excluded. */
  maxId: number;
  /** Only dialogs of this folder. */
  folderId?: number | undefined;
  /** Only dialogs of these kinds; all when absent. */
  peerKinds?: readonly PeerKind[] | undefined;
  /** Only messages of Saved Messages with all of these tags. */
  tags?: readonly string[] | undefined;
}

/** Which part of what is found. */
export interface MessageQuery extends MatchQuery {
  offsetId: number;
  addOffset: number;
  limit: number;
}

/** What a dialog is with, as its marked id tells. */
export type PeerKind = 'user' | 'group' | 'channel';

/** What was found. */
export interface MessageMatches {
  /** Newest first. */
  msgIds: number[];
  /** All matches, wherever the window is. */
  count: number;
}

/**
 * Finds messages of a box by what stands in its search rows. The window lies as in histories.
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
 * The rows of all matches, wherever the window is; undefined when there can be none.
 * Planned for its values each time: how many rows a word has decides everything.
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
