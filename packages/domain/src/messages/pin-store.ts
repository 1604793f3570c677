import { defineStatement } from '@aerogram/storage';
import type { Tx } from '@aerogram/storage';

import { MessageFlag, type MessageRow, type Queries } from '../events/index.ts';

const addPin = defineStatement(
  'add_pinned_messages',
  `WITH wanted AS (SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::integer[]) AS w (owner_id, peer_id, msg_id)), flagged AS (
     UPDATE messages m SET flags = m.flags | ${MessageFlag.pinned} FROM wanted w WHERE m.owner_id = w.owner_id AND m.msg_id = w.msg_id
   )
   INSERT INTO pinned_messages (owner_id, peer_id, msg_id) SELECT * FROM wanted ON CONFLICT DO NOTHING`,
);

const removePin = defineStatement(
  'remove_pinned_messages',
  `WITH wanted AS (SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::integer[]) AS w (owner_id, peer_id, msg_id)), flagged AS (
     UPDATE messages m SET flags = m.flags & ~${MessageFlag.pinned} FROM wanted w WHERE m.owner_id = w.owner_id AND m.msg_id = w.msg_id
   )
   DELETE FROM pinned_messages p USING wanted w WHERE p.owner_id = w.owner_id AND p.peer_id = w.peer_id AND p.msg_id = w.msg_id`,
);

/** A message of a box: where it is, and under which id. */
export type StoredPlace = Pick<MessageRow, 'owner_id' | 'peer_id' | 'msg_id'>;

/** Pins messages of any boxes, or unpins them; also forgets the pins of messages that were deleted. */
export async function savePins(tx: Tx, rows: readonly StoredPlace[], pinned: boolean): Promise<void> {
  await tx.run(pinned ? addPin : removePin, [rows.map((row) => row.owner_id), rows.map((row) => row.peer_id), rows.map((row) => row.msg_id)]);
}

/** Lists the pinned messages of a dialog with their global ids, newest first. */
export async function listPins(
  q: Queries,
  owner: bigint,
  peerId: bigint,
  limit: number,
): Promise<{ msg_id: number; global_id: bigint }[]> {
  return q
    .selectFrom('pinned_messages as p')
    .innerJoin('messages as m', (join) => join.onRef('m.owner_id', '=', 'p.owner_id').onRef('m.msg_id', '=', 'p.msg_id'))
    .select(['m.msg_id', 'm.global_id'])
    .where('p.owner_id', '=', owner)
    .where('p.peer_id', '=', peerId)
    .orderBy('p.msg_id', 'desc')
    .limit(limit)
    .execute();
}

/** Counts the pinned messages of a dialog. */
export async function countPinned(q: Queries, owner: bigint, peerId: bigint): Promise<number> {
  const { count } = await q
    .selectFrom('pinned_messages')
    .select(({ fn }) => fn.countAll<bigint>().as('count'))
    .where('owner_id', '=', owner)
    .where('peer_id', '=', peerId)
    .executeTakeFirstOrThrow();
  return Number(count);
}
