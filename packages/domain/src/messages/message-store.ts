import { defineStatement } from '@aerogram/storage';
import type { Tx } from '@aerogram/storage';

import type { MessageRow } from './message-row.ts';

const insertMessageRows = defineStatement(
  'insert_messages',
  `INSERT INTO messages (owner_id, msg_id, global_id, peer_id, from_id, saved_peer_id, pts, date, edit_date, flags,
                         reply_to_msg_id, text, extra)
   SELECT * FROM unnest($1::bigint[], $2::integer[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::integer[],
                        $8::integer[], $9::integer[], $10::integer[], $11::integer[], $12::text[], $13::bytea[])`,
);

const updateMessageRow = defineStatement(
  'update_message',
  `UPDATE messages SET text = $3, extra = $4, flags = $5, edit_date = $6 WHERE owner_id = $1 AND msg_id = $2`,
);

const updateMessageFlags = defineStatement(
  'update_message_flags',
  `UPDATE messages SET flags = flags & ~$3::integer WHERE owner_id = $1 AND msg_id = ANY ($2::integer[])`,
);

const REMOVED = 'owner_id, msg_id, global_id, peer_id, flags';

const deleteMessageRows = defineStatement<RemovedMessage>(
  'delete_messages',
  `DELETE FROM messages WHERE owner_id = $1 AND msg_id = ANY ($2::integer[]) RETURNING ${REMOVED}`,
);

const deleteCopyRows = defineStatement<RemovedMessage>(
  'delete_copies',
  `DELETE FROM messages m USING unnest($1::bigint[], $2::bigint[]) AS w (w_owner, w_global)
    WHERE m.owner_id = w.w_owner AND m.global_id = w.w_global RETURNING ${REMOVED}`,
);

/** Inserts numbered messages of any number of boxes with one statement. */
export async function insertMessages(tx: Tx, rows: readonly MessageRow[]): Promise<void> {
  await tx.run(insertMessageRows, [
    rows.map((row) => row.owner_id),
    rows.map((row) => row.msg_id),
    rows.map((row) => row.global_id),
    rows.map((row) => row.peer_id),
    rows.map((row) => row.from_id),
    rows.map((row) => row.saved_peer_id),
    rows.map((row) => row.pts),
    rows.map((row) => row.date),
    rows.map((row) => row.edit_date),
    rows.map((row) => row.flags),
    rows.map((row) => row.reply_to_msg_id),
    rows.map((row) => row.text),
    rows.map((row) => row.extra),
  ]);
}

/** Writes what an edit may change; number, peer, author and date stay. */
export async function updateMessage(tx: Tx, row: MessageRow): Promise<void> {
  await tx.run(updateMessageRow, [row.owner_id, row.msg_id, row.text, row.extra, row.flags, row.edit_date]);
}

/** Clears bits of `flags`. */
export async function clearMessageFlags(tx: Tx, owner: bigint, msgIds: readonly number[], flags: number): Promise<void> {
  await tx.run(updateMessageFlags, [owner, msgIds, flags]);
}

/** A message that was really removed. */
export interface RemovedMessage {
  owner_id: bigint;
  msg_id: number;
  global_id: bigint;
  peer_id: bigint;
  flags: number;
}

/** Removes messages of one box. @returns those that were there */
export async function removeMessages(tx: Tx, owner: bigint, msgIds: readonly number[]): Promise<RemovedMessage[]> {
  const { rows } = await tx.run(deleteMessageRows, [owner, msgIds]);
  return rows;
}

/** Removes copies in any boxes. @returns those that were there */
export async function removeCopies(
  tx: Tx,
  copies: readonly { owner: bigint; globalId: bigint }[],
): Promise<RemovedMessage[]> {
  const { rows } = await tx.run(deleteCopyRows, [copies.map(({ owner }) => owner), copies.map(({ globalId }) => globalId)]);
  return rows;
}
