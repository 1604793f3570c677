import { defineStatement, sql } from '@aerogram/storage';
import type { Database, Tables, Tx } from '@aerogram/storage';
import type { Selectable } from 'kysely';

import { type Queries, readExtra } from '../events/index.ts';
import { addMessageFiles, dropMessageFiles, FilesInExtra } from '../documents/index.ts';
import { saveChatSettings } from '../settings/index.ts';

export type ScheduledRow = Selectable<Tables['scheduled_messages']>;
/** The primary key of a scheduled message. */
export type ScheduledKey = Pick<ScheduledRow, 'owner_id' | 'peer_id' | 'msg_id'>;

/** The parameters of `unnest($1::bigint[], $2::bigint[], $3::integer[])` for these keys. */
const keyValues = (keys: readonly ScheduledKey[]) => [keys.map((key) => key.owner_id), keys.map((key) => key.peer_id), keys.map((key) => key.msg_id)];

// Skips messages of deleted accounts, whose rows a later job removes.
const findSendableRows = defineStatement<ScheduledRow>(
  'find_sendable_scheduled',
  `SELECT s.*
     FROM unnest((SELECT $1::bigint[]), $2::bigint[], $3::integer[]) AS w (owner_id, peer_id, msg_id)
     JOIN scheduled_messages s ON s.owner_id = w.owner_id AND s.peer_id = w.peer_id AND s.msg_id = w.msg_id
     LEFT JOIN users u ON u.user_id = s.owner_id
    WHERE u.deleted IS NOT TRUE`,
);

const removeSentRows = defineStatement(
  'remove_sent_scheduled',
  `DELETE FROM scheduled_messages s
    USING unnest((SELECT $1::bigint[]), $2::bigint[], $3::integer[]) AS w (owner_id, peer_id, msg_id)
    WHERE s.owner_id = w.owner_id AND s.peer_id = w.peer_id AND s.msg_id = w.msg_id`,
);

const refuseRow = defineStatement(
  'refuse_scheduled',
  'UPDATE scheduled_messages SET refused_date = $4 WHERE owner_id = $1 AND peer_id = $2 AND msg_id = $3',
);

const filePlaceOf = ({ owner_id: ownerId, peer_id: scheduledPeerId, msg_id: msgId }: ScheduledKey) => ({ ownerId, scheduledPeerId, msgId });

/** The documents that scheduled messages refer to. */
function scheduledRefs(rows: readonly ScheduledRow[]) {
  const files = new FilesInExtra();
  return rows.map((row) => ({ ...filePlaceOf(row), documentIds: files.of(row.extra) }));
}

/** Scheduled message ids run from 1 to this value (rule P4, scheduled ids) and then start again at 1. */
const ID_MAX = 262_143;

const COLUMNS = [
  'owner_id',
  'peer_id',
  'msg_id',
  'random_id',
  'schedule_date',
  'edit_date',
  'flags',
  'reply_to_msg_id',
  'saved_peer_id',
  'text',
  'repeat_period',
  'refused_date',
  'send_as',
  'top_id',
  readExtra('scheduled_messages'),
] as const;

/** Finds the messages scheduled for a peer, all of them or those with these ids, latest first. */
export async function findScheduled(q: Queries, ownerId: bigint, peerId: bigint, msgIds?: readonly number[]): Promise<ScheduledRow[]> {
  return q
    .selectFrom('scheduled_messages')
    .select(COLUMNS)
    .where('owner_id', '=', ownerId)
    .where('peer_id', '=', peerId)
    .$if(msgIds !== undefined, (query) => query.where('msg_id', '=', sql<number>`ANY (${[...(msgIds ?? [])]}::integer[])`))
    .orderBy('schedule_date', 'desc')
    .orderBy('msg_id', 'desc')
    .execute();
}

/** Reads those scheduled messages that can still be sent: the row exists and its author's account is not deleted. */
export async function findSendable(from: Pick<Database, 'run'>, keys: readonly ScheduledKey[]): Promise<readonly ScheduledRow[]> {
  return (await from.run(findSendableRows, keyValues(keys))).rows;
}

/** Whether any message is scheduled for a peer. */
export async function hasScheduled(q: Queries, ownerId: bigint, peerId: bigint): Promise<boolean> {
  const row = await q.selectFrom('scheduled_messages').select('msg_id').where('owner_id', '=', ownerId).where('peer_id', '=', peerId).limit(1).executeTakeFirst();
  return row !== undefined;
}

/** Finds the messages that an earlier call with one of these random_ids scheduled. */
export async function findScheduledBy({ q }: Pick<Database, 'q'>, ownerId: bigint, randomIds: readonly bigint[]): Promise<ScheduledRow[]> {
  return q
    .selectFrom('scheduled_messages')
    .select(COLUMNS)
    .where('owner_id', '=', ownerId)
    .where('random_id', '=', sql<bigint>`ANY (${[...randomIds]}::bigint[])`)
    .execute();
}

/**
 * Returns the next free scheduled message ids of an owner, whose counters must be locked. Ids ascend before they are reused, so that
 * clients do not confuse two messages.
 */
export async function takeScheduledIds(tx: Tx, ownerId: bigint, count: number): Promise<number[]> {
  const taken = await tx.q.selectFrom('scheduled_messages').select('msg_id').where('owner_id', '=', ownerId).execute();
  const used = new Set(taken.map((row) => row.msg_id));
  const row = await tx.q.selectFrom('chat_settings').select('last_scheduled_id').where('owner_id', '=', ownerId).executeTakeFirst();
  let last = row?.last_scheduled_id ?? 0;
  const ids = Array.from({ length: count }, () => {
    do last = (last % ID_MAX) + 1;
    while (used.has(last));
    used.add(last);
    return last;
  });
  await saveChatSettings(tx, ownerId, { last_scheduled_id: last });
  return ids;
}

/** Inserts scheduled messages. */
export async function insertScheduled(tx: Tx, rows: readonly ScheduledRow[]): Promise<void> {
  await tx.q.insertInto('scheduled_messages').values([...rows]).execute();
  await addMessageFiles(tx, scheduledRefs(rows));
}

/** Writes the columns that an edit may change. */
export async function updateScheduled(tx: Tx, row: ScheduledRow): Promise<void> {
  await tx.q
    .updateTable('scheduled_messages')
    .set({ schedule_date: row.schedule_date, text: row.text, flags: row.flags, extra: row.extra, edit_date: row.edit_date, repeat_period: row.repeat_period, refused_date: row.refused_date })
    .where('owner_id', '=', row.owner_id)
    .where('peer_id', '=', row.peer_id)
    .where('msg_id', '=', row.msg_id)
    .execute();
  // An edit may have replaced a file.
  await dropMessageFiles(tx, [filePlaceOf(row)]);
  await addMessageFiles(tx, scheduledRefs([row]));
}

/** Deletes scheduled messages that were sent. */
export async function removeSent(tx: Tx, keys: readonly ScheduledKey[]): Promise<void> {
  await tx.run(removeSentRows, keyValues(keys));
  await dropMessageFiles(tx, keys.map(filePlaceOf));
}

/** Records that a message could not be sent. It then stays scheduled until its author acts. */
export async function refuseScheduled(tx: Tx, { owner_id: owner, peer_id: peer, msg_id: msgId }: ScheduledKey, date: number): Promise<void> {
  await tx.run(refuseRow, [owner, peer, msgId, date]);
}

/** Keeps all scheduled messages of an owner from being sent, as {@link refuseScheduled} does with one. */
export async function refuseAllScheduled(tx: Tx, ownerId: bigint, date: number): Promise<void> {
  await tx.q.updateTable('scheduled_messages').set({ refused_date: date }).where('owner_id', '=', ownerId).where('refused_date', 'is', null).execute();
}

/**
 * Deletes scheduled messages.
 * @returns the deleted rows in ascending order of id
 */
export async function removeScheduled(tx: Tx, ownerId: bigint, peerId: bigint, msgIds: readonly number[]): Promise<ScheduledRow[]> {
  const rows = await tx.q
    .deleteFrom('scheduled_messages')
    .where('owner_id', '=', ownerId)
    .where('peer_id', '=', peerId)
    .where('msg_id', '=', sql<number>`ANY (${[...msgIds]}::integer[])`)
    .returningAll()
    .execute();
  await dropMessageFiles(tx, rows.map(filePlaceOf));
  return rows.toSorted((a, b) => a.msg_id - b.msg_id);
}

/**
 * Lists messages whose receiver has come online or whose receiver's account is deleted, in ascending order of owner and message id.
 * @param page `untilOnline` is the date that means "when online"; `after` is the last row of the previous page
 */
export async function listAwaited(
  q: Queries,
  page: { untilOnline: number; nowDate: number; limit: number; after: ScheduledRow | undefined },
): Promise<ScheduledRow[]> {
  const { after } = page;
  return q
    .selectFrom('scheduled_messages as s')
    .innerJoin('users as u', 'u.user_id', 's.peer_id')
    .selectAll('s')
    .where('s.schedule_date', '=', page.untilOnline)
    .where('s.refused_date', 'is', null)
    .where((eb) => eb.or([eb('u.online_date', '>', page.nowDate), eb('u.deleted', '=', true)]))
    .$if(after !== undefined, (query) => query.where((eb) => eb(eb.refTuple('s.owner_id', 's.msg_id'), '>', eb.tuple(after!.owner_id, after!.msg_id))))
    .orderBy('s.owner_id')
    .orderBy('s.msg_id')
    .limit(page.limit)
    .execute();
}
