import { type Database, defineStatement, EPOCH_JUMP, type Tx } from '@aerogram/storage';

import { saveQueued } from '../bot-queries/index.ts';
import type { BotProgress, BotReach, StoredBotUpdate } from './bot-progress.ts';

/** Ids are positive and have 31 bits. */
const ID_MAX = 2_147_483_647;
/** Maximum size of the updates in one answer, in bytes. What crosses the limit is still included whole. */
const PAGE_BYTES = 4 * 1024 * 1024;

/** What is stored about the reading of a bot's events. */
export interface CursorRow {
  next_id: number;
  pts: number;
  loose_seq: number;
  loose_pts: number;
  owner_epoch: number;
  allowed_updates: string[] | null;
}

// A database that may have lost its last transactions begins a new epoch. Ids jump with it, so that none is used twice; near the end they begin again at 1.
const takeCursor = defineStatement<CursorRow>(
  'take_bot_cursor',
  `INSERT INTO bot_cursors AS c (bot_id, next_id, epoch) VALUES ($1, $2, (SELECT value::integer FROM meta WHERE key = 'epoch'))
   ON CONFLICT (bot_id) DO UPDATE
      SET owner_epoch = c.owner_epoch + 1, epoch = excluded.epoch,
          next_id = CASE WHEN c.next_id > ${ID_MAX - EPOCH_JUMP} - (excluded.epoch - c.epoch)::bigint * ${EPOCH_JUMP} THEN 1 ELSE c.next_id + (excluded.epoch - c.epoch) * ${EPOCH_JUMP} END
   RETURNING next_id, pts, loose_seq, loose_pts, owner_epoch, allowed_updates`,
);

const listWaiting = defineStatement<{ update_id: number; expires_date: number }>(
  'list_waiting_bot_updates',
  'SELECT update_id, expires_date FROM bot_updates WHERE bot_id = $1 AND expires_date > $2 ORDER BY update_id',
);

const countWaiting = defineStatement<{ bot_id: bigint; count: number }>(
  'count_waiting_bot_updates',
  'SELECT bot_id, count(*)::integer AS count FROM bot_updates WHERE bot_id = ANY ($1::bigint[]) AND expires_date > $2 GROUP BY bot_id',
);

const listCursors = defineStatement<{ peer_id: bigint; pts: number }>('list_bot_channel_cursors', 'SELECT peer_id, pts FROM bot_channel_cursors WHERE bot_id = $1');

const listUpdates = defineStatement<Omit<StoredBotUpdate, 'id' | 'expires'> & { update_id: number; expires_date: number }>(
  'list_bot_updates',
  `SELECT update_id, name, queue, expires_date, json FROM (
     SELECT *, sum(octet_length(json)) OVER (ORDER BY update_id ROWS UNBOUNDED PRECEDING) - octet_length(json) AS bytes_before
       FROM (SELECT * FROM bot_updates WHERE bot_id = $1 AND update_id >= $2 AND expires_date > $3 ORDER BY update_id LIMIT $4::integer) AS first_rows) AS page
    WHERE bytes_before < ${PAGE_BYTES} ORDER BY update_id`,
);

// One statement, so that nothing is written for a process that is not the owner any more.
const saveProgress = defineStatement<{ bot_id: bigint }>(
  'save_bot_progress',
  `WITH held AS (
     UPDATE bot_cursors SET next_id = $3, pts = $4, loose_seq = $5, loose_pts = $6 WHERE bot_id = $1 AND owner_epoch = $2 RETURNING bot_id
   ), added AS (
     INSERT INTO bot_updates (bot_id, update_id, name, queue, expires_date, json)
     SELECT held.bot_id, n.* FROM held, unnest($7::integer[], $8::text[], $9::bigint[], $10::integer[], $11::text[]) AS n
   ), moved AS (
     INSERT INTO bot_channel_cursors (bot_id, peer_id, pts) SELECT held.bot_id, c.* FROM held, unnest($12::bigint[], $13::integer[]) AS c
     ON CONFLICT (bot_id, peer_id) DO UPDATE SET pts = excluded.pts
   ), ended AS (
     DELETE FROM bot_channel_cursors WHERE bot_id = $1 AND peer_id = ANY ($14::bigint[]) AND EXISTS (SELECT FROM held)
   ), confirmed AS (
     DELETE FROM bot_updates WHERE bot_id = $1 AND (update_id < $15 OR update_id = ANY ($16::integer[])) AND EXISTS (SELECT FROM held)
   )
   SELECT bot_id FROM held`,
);

const saveAllowed = defineStatement('save_allowed_bot_updates', 'UPDATE bot_cursors SET allowed_updates = $3::text[] WHERE bot_id = $1 AND owner_epoch = $2 RETURNING bot_id');

/** Makes the caller the only one who may write for a bot. @param firstId the id of the bot's first update, if it never had one */
export async function takeBotCursor(tx: Tx, botId: bigint, firstId: number): Promise<CursorRow> {
  return (await tx.run(takeCursor, [botId, firstId])).rows[0]!;
}

/** Reads what waits for a bot, and how far channels were read for it. */
export async function readBotCursors(tx: Tx, botId: bigint, nowDate: number) {
  const [waiting, channels] = await Promise.all([tx.run(listWaiting, [botId, nowDate]), tx.run(listCursors, [botId])]);
  return { waiting: waiting.rows, channels: channels.rows };
}

/** Writes updates, positions and confirmations in one step. @returns false if somebody else has taken the cursor: then nothing is written */
export async function saveBotProgress(tx: Tx, botId: bigint, { ownerEpoch, nextId, reach, updates, channels, ended, confirmed, queryIds }: BotProgress): Promise<boolean> {
  const { rows } = await tx.run(saveProgress, [
    botId,
    ownerEpoch,
    nextId,
    ...columnsOf(reach),
    updates.map(({ id }) => id),
    updates.map(({ name }) => name),
    updates.map(({ queue }) => queue),
    updates.map(({ expires }) => expires),
    updates.map(({ json }) => json),
    [...channels.keys()],
    [...channels.values()],
    ended,
    confirmed.before,
    confirmed.ids,
  ]);
  if (rows.length === 0) return false;
  if (queryIds.length > 0) await saveQueued(tx, botId, queryIds);
  return true;
}

function columnsOf({ pts, looseSeq, loosePts }: BotReach): number[] {
  return [pts, looseSeq, loosePts];
}

/** Notes which kinds of updates a bot wants. @returns false if somebody else has taken the cursor */
export async function saveAllowedUpdates(tx: Tx, botId: bigint, ownerEpoch: number, names: readonly string[] | null): Promise<boolean> {
  return (await tx.run(saveAllowed, [botId, ownerEpoch, names])).rows.length > 0;
}

/** Counts the updates that wait for bots, of those that have any. */
export async function countBotUpdates(db: Database, botIds: readonly bigint[], nowDate: number): Promise<Map<bigint, number>> {
  return new Map((await db.run(countWaiting, [botIds, nowDate])).rows.map((row) => [row.bot_id, row.count]));
}

/** Reads updates from an id on, in ascending order, as many as fit into an answer. */
export async function listBotUpdates(db: Database, botId: bigint, { fromId, limit, nowDate }: { fromId: number; limit: number; nowDate: number }): Promise<StoredBotUpdate[]> {
  const { rows } = await db.run(listUpdates, [botId, fromId, nowDate, limit]);
  return rows.map(({ update_id: id, expires_date: expires, name, queue, json }) => ({ id, name, queue, expires, json }));
}
