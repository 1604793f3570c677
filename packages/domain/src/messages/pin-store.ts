import { defineStatement } from '@aerogram/storage';
import type { Tx } from '@aerogram/storage';

import { MessageFlag, type Queries } from '../events/index.ts';

const addPin = defineStatement(
  'add_pinned_messages',
  `WITH flagged AS (
     UPDATE messages SET flags = flags | ${MessageFlag.pinned} WHERE owner_id = $1 AND msg_id = ANY ($3::integer[])
   )
   INSERT INTO pinned_messages (owner_id, peer_id, msg_id) SELECT $1, $2, unnest($3::integer[]) ON CONFLICT DO NOTHING`,
);

const removePin = defineStatement(
  'remove_pinned_messages',
  `WITH flagged AS (
     UPDATE messages SET flags = flags & ~${MessageFlag.pinned} WHERE owner_id = $1 AND msg_id = ANY ($3::integer[])
   )
   DELETE FROM pinned_messages WHERE owner_id = $1 AND peer_id = $2 AND msg_id = ANY ($3::integer[])`,
);

/** Pins or unpins messages of a dialog. */
export async function savePins(tx: Tx, { owner, peerId }: { owner: bigint; peerId: bigint }, msgIds: readonly number[], pinned: boolean): Promise<void> {
  await tx.run(pinned ? addPin : removePin, [owner, peerId, msgIds]);
}

/** Deletes the pins of messages that were deleted. */
export async function dropPins(tx: Tx, owner: bigint, peerId: bigint, msgIds: readonly number[]): Promise<void> {
  await tx.run(removePin, [owner, peerId, msgIds]);
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
