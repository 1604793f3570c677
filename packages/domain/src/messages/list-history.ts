import { sql } from '@aerogram/storage';

import { MESSAGE_COLUMNS, type MessageRow, type Queries } from '../events/index.ts';
import { cutToBytes } from './cut-to-bytes.ts';

/** Messages of one answer at most. */
const LIMIT_MAX = 100;

/**
 * The window of a history that a client asks for: of the dialog's messages between `minId` and `maxId` (both excluded,
 * 0 is open), newest first, the one that begins `addOffset` places after the offset and is `limit` long.
 * The offset stands before the newest message with an id below `offsetId`, or, when that is 0, dated before `offsetDate`.
 * @see https://core.telegram.org/api/offsets
 */
export interface HistoryWindow {
  ownerId: bigint;
  /** Marked. */
  peerId: bigint;
  offsetId: number;
  offsetDate: number;
  addOffset: number;
  limit: number;
  maxId: number;
  minId: number;
  /** Only messages that are pinned, or have reactions that the owner has not seen; offsets count these alone. */
  only?: 'pinned_messages' | 'unread_reactions';
  /** Of Saved Messages: only what came from this peer. */
  savedPeerId?: bigint;
}

/**
 * Reads a window; rows come newest first. Part of the window that lies before the newest message is cut off, and so is what is too long for one
 * answer, far from the offset.
 */
export async function listHistory(q: Queries, window: HistoryWindow): Promise<readonly MessageRow[]> {
  const limit = Math.min(Math.max(window.limit, 0), LIMIT_MAX);
  const addOffset = Math.max(window.addOffset, -LIMIT_MAX * 2);
  if (limit === 0) return [];
  const anchor = await findAnchor(q, window);
  const select = (): ReturnType<typeof selectRange> => selectRange(q, window);

  const wantOlder = Math.min(limit, limit + addOffset);
  const older =
    wantOlder <= 0
      ? []
      : await select()
          .$if(anchor !== undefined, (query) => query.where('msg_id', '<', anchor!))
          .orderBy('msg_id', 'desc')
          .offset(Math.max(addOffset, 0))
          .limit(wantOlder)
          .execute();
  if (addOffset >= 0 || anchor === undefined) return cutToBytes(older, 0);

  const newer = await select().where('msg_id', '>=', anchor).orderBy('msg_id', 'asc').limit(-addOffset).execute();
  return cutToBytes([...newer.slice(Math.max(0, -addOffset - limit)).toReversed(), ...older], anchor);
}

function selectRange(q: Queries, { ownerId, peerId, maxId, minId, only, savedPeerId }: HistoryWindow) {
  return q
    .selectFrom('messages')
    .select(MESSAGE_COLUMNS)
    .where('owner_id', '=', ownerId)
    .where('peer_id', '=', peerId)
    .$if(maxId > 0, (query) => query.where('msg_id', '<', maxId))
    .$if(minId > 0, (query) => query.where('msg_id', '>', minId))
    .$if(savedPeerId !== undefined, (query) => query.where('saved_peer_id', '=', savedPeerId!))
    .$if(only !== undefined, (query) =>
      query.where('msg_id', 'in', (listed) =>
        listed.selectFrom(only!).select('msg_id').where('owner_id', '=', ownerId).where('peer_id', '=', peerId),
      ),
    );
}

/** The id that the older part of the window stays below; undefined: the offset is before the newest message. */
async function findAnchor(q: Queries, window: HistoryWindow): Promise<number | undefined> {
  if (window.offsetId > 0) return window.offsetId;
  if (window.offsetDate <= 0) return undefined;
  return findFirstIdSince(q, window, window.offsetDate);
}

/**
 * The lowest id such that all messages below it are dated before `date`. No index has dates, but they ascend with the ids:
 * halving the span of ids costs some twenty look-ups however long the history is. The database does it in one go.
 */
async function findFirstIdSince(q: Queries, { ownerId, peerId }: HistoryWindow, date: number): Promise<number | undefined> {
  const newestUpTo = (id: ReturnType<typeof sql>): ReturnType<typeof sql> => sql`
    SELECT msg_id, date FROM messages WHERE owner_id = ${ownerId} AND peer_id = ${peerId} AND msg_id <= ${id} ORDER BY msg_id DESC LIMIT 1`;
  const middle = sql`s.before + (s.since - s.before) / 2`;
  // Everything up to `before` is older than the date; the message `since` is not.
  const { rows } = await sql<{ since: number }>`
    WITH RECURSIVE span (before, since) AS (
      SELECT 0, top.msg_id FROM (${newestUpTo(sql`2147483647`)}) AS top WHERE top.date >= ${date}
      UNION ALL
      SELECT CASE WHEN m.date >= ${date} AND m.msg_id > s.before THEN s.before ELSE ${middle} END,
             CASE WHEN m.date >= ${date} AND m.msg_id > s.before THEN m.msg_id ELSE s.since END
        FROM span s LEFT JOIN LATERAL (${newestUpTo(middle)}) AS m ON true
       WHERE s.since - s.before > 1)
    SELECT since FROM span WHERE since - before <= 1`.execute(q);
  return rows[0]?.since;
}

/** Messages of the dialog in all. */
export async function countHistory(q: Queries, ownerId: bigint, peerId: bigint): Promise<number> {
  const row = await q
    .selectFrom('dialogs')
    .select('msg_count')
    .where('owner_id', '=', ownerId)
    .where('peer_id', '=', peerId)
    .executeTakeFirst();
  return row?.msg_count ?? 0;
}
