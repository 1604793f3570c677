import { windowSize } from '@aerogram/runtime';
import { sql } from '@aerogram/storage';
import type { RawBuilder } from 'kysely';

import { MESSAGE_COLUMNS, type MessageRow, type Queries } from '../events/index.ts';
import { cutToBytes } from './cut-to-bytes.ts';
import type { UnreadTable } from './unread-store.ts';

/** Maximum number of messages in one answer. */
const LIMIT_MAX = 100;
/** Maximum number of messages that a page skips; a page further from its offset is empty, because the database reads what it skips. */
export const SKIPPED_MAX = 20_000;

/**
 * The page of a history that a client asks for. The messages of the dialog with ids between `minId` and `maxId` (both excluded, 0 for no
 * bound) are ordered newest first. The offset lies just before the newest message with an id below `offsetId`, or if that is 0, with a date
 * before `offsetDate`. The page starts `addOffset` messages after the offset and has `limit` messages.
 * @see https://core.telegram.org/api/offsets
 */
export interface HistoryWindow {
  ownerId: bigint;
  /** Marked peer id, as in the Bot API: negative for chats and channels. */
  peerId: bigint;
  offsetId: number;
  offsetDate: number;
  addOffset: number;
  limit: number;
  maxId: number;
  minId: number;
  /** Only pinned messages, or only messages with reactions or mentions that the owner has not seen; offsets then count these messages only. */
  only?: 'pinned_messages' | UnreadTable;
  /** In Saved Messages: only messages saved from this peer. */
  savedPeerId?: bigint;
}

/** Reads the messages that a window selects from; how they are stored is up to the caller. */
export interface WindowSource<T extends MessageRow> {
  /** Lists messages of the range in descending order of id, those below `before` if it is given. */
  listOlder(before: number | undefined, page: { offset: number; limit: number }): Promise<T[]>;
  /** Lists messages of the range in ascending order of id, from the id `from` on. */
  listNewer(from: number, limit: number): Promise<T[]>;
  /** SQL for `SELECT msg_id, date` of the newest message with an id up to `id`, whatever the range. */
  newestUpTo(id: RawBuilder<unknown>): RawBuilder<unknown>;
}

/**
 * Reads a page of a history, newest first. The part of the page that would lie before the newest message is cut off. A page that is too
 * long for one answer is cut at the messages farthest from the offset.
 */
export function listHistory(q: Queries, window: HistoryWindow): Promise<readonly MessageRow[]> {
  const { ownerId, peerId } = window;
  const select = (): ReturnType<typeof selectRange> => selectRange(q, window);
  return listWindow(q, window, {
    listOlder: (before, { offset, limit }) =>
      select()
        .$if(before !== undefined, (query) => query.where('msg_id', '<', before!))
        .orderBy('msg_id', 'desc')
        .offset(offset)
        .limit(limit)
        .execute(),
    listNewer: (from, limit) => select().where('msg_id', '>=', from).orderBy('msg_id', 'asc').limit(limit).execute(),
    newestUpTo: (id) => sql`SELECT msg_id, date FROM messages WHERE owner_id = ${ownerId} AND peer_id = ${peerId} AND msg_id <= ${id} ORDER BY msg_id DESC LIMIT 1`,
  });
}

/** Same as {@link listHistory}, for messages that are read by `source`. */
export async function listWindow<T extends MessageRow>(
  q: Queries,
  window: Pick<HistoryWindow, 'offsetId' | 'offsetDate' | 'addOffset' | 'limit'>,
  source: WindowSource<T>,
): Promise<readonly T[]> {
  const limit = windowSize(window.limit, LIMIT_MAX);
  const addOffset = Math.max(window.addOffset, -LIMIT_MAX * 2);
  if (limit === 0) return [];
  const anchor = await findAnchor(q, window, source);
  const wantOlder = addOffset > SKIPPED_MAX ? 0 : Math.min(limit, limit + addOffset);
  const older = wantOlder <= 0 ? [] : await source.listOlder(anchor, { offset: Math.max(addOffset, 0), limit: wantOlder });
  if (addOffset >= 0 || anchor === undefined) return cutToBytes(older, 0);

  const newer = await source.listNewer(anchor, -addOffset);
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

/** The older part of the page has ids below this one; undefined if the page starts at the newest message. */
async function findAnchor(
  q: Queries,
  { offsetId, offsetDate }: Pick<HistoryWindow, 'offsetId' | 'offsetDate'>,
  source: Pick<WindowSource<MessageRow>, 'newestUpTo'>,
): Promise<number | undefined> {
  if (offsetId > 0) return offsetId;
  return offsetDate <= 0 ? undefined : findFirstIdSince(q, source, offsetDate);
}

/**
 * The lowest id such that all messages with lower ids are dated before `date`. There is no index on dates, but dates ascend with ids, so a
 * binary search over the ids takes about twenty index look-ups for any length of history. The recursive query does it in one round trip.
 */
async function findFirstIdSince(q: Queries, { newestUpTo }: Pick<WindowSource<MessageRow>, 'newestUpTo'>, date: number): Promise<number | undefined> {
  const middle = sql`s.before + (s.since - s.before) / 2`;
  // Invariant: every message up to `before` is older than the date; the message `since` is not.
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

/** The total number of messages in a dialog. */
export async function countHistory(q: Queries, ownerId: bigint, peerId: bigint): Promise<number> {
  const row = await q
    .selectFrom('dialogs')
    .select('msg_count')
    .where('owner_id', '=', ownerId)
    .where('peer_id', '=', peerId)
    .executeTakeFirst();
  return row?.msg_count ?? 0;
}
