import { defineStatement, sql } from '@aerogram/storage';
import type { Database, Tables, Tx } from '@aerogram/storage';
import type { Selectable } from 'kysely';

import { type Queries, readExtra } from '../events/index.ts';
import { saveChatSettings } from '../settings/index.ts';

export type ScheduledRow = Selectable<Tables['scheduled_messages']>;
/** What names a scheduled message. */
export type ScheduledKey = Pick<ScheduledRow, 'owner_id' | 'peer_id' | 'msg_id'>;

/** The values of `unnest($1::bigint[], $2::bigint[], $3::integer[])` for these keys. */
const keyValues = (keys: readonly ScheduledKey[]) => [keys.map((key) => key.owner_id), keys.map((key) => key.peer_id), keys.map((key) => key.msg_id)];

// Nothing is sent for an account that was deleted and whose rows are only removed later.
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

/** Ids are 1 … this (rule P4); after it they begin anew. */
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
  readExtra('scheduled_messages'),
] as const;

/** What waits to be sent to a peer: all of it, or these ids; latest first. */
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

/** Scheduled messages that may still be sent: those that are there and whose author's account is. */
export async function findSendable(from: Pick<Database, 'run'>, keys: readonly ScheduledKey[]): Promise<readonly ScheduledRow[]> {
  return (await from.run(findSendableRows, keyValues(keys))).rows;
}

/** Whether something waits to be sent to a peer. */
export async function hasScheduled(q: Queries, ownerId: bigint, peerId: bigint): Promise<boolean> {
  const row = await q.selectFrom('scheduled_messages').select('msg_id').where('owner_id', '=', ownerId).where('peer_id', '=', peerId).limit(1).executeTakeFirst();
  return row !== undefined;
}

/** What an earlier call with one of these random_ids scheduled. */
export async function findScheduledBy(tx: Tx, ownerId: bigint, randomIds: readonly bigint[]): Promise<ScheduledRow[]> {
  return tx.q
    .selectFrom('scheduled_messages')
    .select(COLUMNS)
    .where('owner_id', '=', ownerId)
    .where('random_id', '=', sql<bigint>`ANY (${[...randomIds]}::bigint[])`)
    .execute();
}

/** The next free ids of an owner; the owner's counters are locked. They ascend, so that clients never mistake one for another. */
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

/** Keeps messages until their time. */
export async function insertScheduled(tx: Tx, rows: readonly ScheduledRow[]): Promise<void> {
  await tx.q.insertInto('scheduled_messages').values([...rows]).execute();
}

/** Writes what an edit changed. */
export async function updateScheduled(tx: Tx, row: ScheduledRow): Promise<void> {
  await tx.q
    .updateTable('scheduled_messages')
    .set({ schedule_date: row.schedule_date, text: row.text, flags: row.flags, extra: row.extra, edit_date: row.edit_date, repeat_period: row.repeat_period, refused_date: row.refused_date })
    .where('owner_id', '=', row.owner_id)
    .where('peer_id', '=', row.peer_id)
    .where('msg_id', '=', row.msg_id)
    .execute();
}

/** Removes messages that were sent. */
export async function removeSent(tx: Tx, keys: readonly ScheduledKey[]): Promise<void> {
  await tx.run(removeSentRows, keyValues(keys));
}

/** Notes that a message could not be sent, so that it waits for its author. */
export async function refuseScheduled(tx: Tx, { owner_id: owner, peer_id: peer, msg_id: msgId }: ScheduledKey, date: number): Promise<void> {
  await tx.run(refuseRow, [owner, peer, msgId, date]);
}

/** Takes messages away. @returns those that were there, as they were, by their ids */
export async function removeScheduled(tx: Tx, ownerId: bigint, peerId: bigint, msgIds: readonly number[]): Promise<ScheduledRow[]> {
  const rows = await tx.q
    .deleteFrom('scheduled_messages')
    .where('owner_id', '=', ownerId)
    .where('peer_id', '=', peerId)
    .where('msg_id', '=', sql<number>`ANY (${[...msgIds]}::integer[])`)
    .returningAll()
    .execute();
  return rows.toSorted((a, b) => a.msg_id - b.msg_id);
}

/**
 * Lists messages that wait for a receiver who is online now, or whose account is deleted, in ascending order of owner and message id.
 * @param after the last row of the previous page, for all but the first page
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
