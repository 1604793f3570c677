import { isMarkedChat } from '@aerogram/cluster';
import { defineStatement } from '@aerogram/storage';
import type { SqlValue, Tx } from '@aerogram/storage';

import type { Arrivals, MessageRow } from '../events/index.ts';
import { addMessageFilesLast, dropMessageFiles, FilesInExtra } from '../documents/index.ts';
import { groupBy } from '../shared/index.ts';
import { orderReactionCheck } from './drop-reactions-store.ts';
import { insertExpiring } from './expiring-store.ts';
import { isUnreadMention } from './unread-mention.ts';
import { addUnreadMentionsLast } from './unread-store.ts';

// One statement writes the messages, their dialogs and the send keys, to save round trips: it is the server's hottest statement.
const insertArrivalRows = defineStatement(
  'insert_arrivals',
  `WITH arrived AS (
     INSERT INTO messages (owner_id, msg_id, global_id, peer_id, from_id, saved_peer_id, pts, date, edit_date, flags,
                           reply_to_msg_id, text, extra, ttl_period)
     SELECT * FROM unnest($1::bigint[], $2::integer[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::integer[],
                          $8::integer[], $9::integer[], $10::integer[], $11::integer[], $12::text[], $13::bytea[], $14::integer[])
   ), noted AS (
     INSERT INTO send_keys (owner_id, random_id, global_id, peer_id, msg_id, pts, pts_count, date)
     SELECT * FROM unnest($15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[], $19::integer[], $20::integer[],
                          $21::integer[], $22::integer[])
   )
   INSERT INTO dialogs AS d (owner_id, peer_id, top_msg_id, top_date, msg_count, unread_count, owner_wrote, read_outbox_max_id)
   SELECT n.*, CASE WHEN n.owner_id = n.peer_id THEN n.top_msg_id ELSE 0 END
     FROM unnest($23::bigint[], $24::bigint[], $25::integer[], $26::integer[], $27::integer[], $28::integer[], $29::boolean[])
          AS n (owner_id, peer_id, top_msg_id, top_date, msg_count, unread_count, owner_wrote)
   ON CONFLICT (owner_id, peer_id) DO UPDATE
      SET read_outbox_max_id = GREATEST(d.read_outbox_max_id, EXCLUDED.read_outbox_max_id), top_msg_id = EXCLUDED.top_msg_id, top_date = EXCLUDED.top_date,
          msg_count = d.msg_count + EXCLUDED.msg_count, unread_count = d.unread_count + EXCLUDED.unread_count,
          owner_wrote = d.owner_wrote OR EXCLUDED.owner_wrote`,
);

const updateMessageRows = defineStatement(
  'update_messages',
  `UPDATE messages m SET text = w.text, extra = w.extra, flags = w.flags, edit_date = w.edit_date
     FROM unnest($1::bigint[], $2::integer[], $3::text[], $4::bytea[], $5::integer[], $6::integer[]) AS w (owner_id, msg_id, text, extra, flags, edit_date)
    WHERE m.owner_id = w.owner_id AND m.msg_id = w.msg_id`,
);

const updateMessageFlags = defineStatement(
  'update_message_flags',
  `UPDATE messages SET flags = flags & ~$3::integer WHERE owner_id = $1 AND msg_id = ANY ($2::integer[])`,
);

const REMOVED = 'owner_id, msg_id, global_id, peer_id, flags, extra IS NOT NULL AS has_extra';

const deleteMessageRows = defineStatement<RemovedMessage>(
  'delete_messages',
  `DELETE FROM messages WHERE owner_id = $1 AND msg_id = ANY ($2::integer[]) RETURNING ${REMOVED}`,
);

const deleteCopyRows = defineStatement<RemovedMessage>(
  'delete_copies',
  `DELETE FROM messages m USING unnest($1::bigint[], $2::bigint[]) AS w (w_owner, w_global)
    WHERE m.owner_id = w.w_owner AND m.global_id = w.w_global RETURNING ${REMOVED}`,
);

const deleteSlice = defineStatement<Pick<RemovedMessage, 'global_id' | 'peer_id'>>(
  'delete_box_slice',
  'DELETE FROM messages WHERE owner_id = $1 AND msg_id IN (SELECT msg_id FROM messages WHERE owner_id = $1 ORDER BY msg_id LIMIT $2) RETURNING global_id, peer_id',
);

/** Inserts messages with their send keys and expiry dates, and updates the counters of their dialogs, together with the COMMIT. */
export function insertArrivals(tx: Tx, { messages, sent, dialogs }: Arrivals): void {
  const expiring = messages.filter((row) => row.ttl_period !== null);
  if (expiring.length > 0) insertExpiring(tx, expiring);
  addUnreadMentionsLast(tx, messages.filter(isUnreadMention));
  addMessageFilesLast(tx, new FilesInExtra().refsOf(messages));
  tx.runLast(insertArrivalRows, [...columnsOf(MESSAGE_COLUMNS, messages), ...columnsOf(SENT_COLUMNS, sent), ...columnsOf(DIALOG_COLUMNS, dialogs)]);
}

// Constants, because as closures that were created for each send they took more memory than the message itself.
const MESSAGE_COLUMNS: Columns<MessageRow> = [
  (row) => row.owner_id,
  (row) => row.msg_id,
  (row) => row.global_id,
  (row) => row.peer_id,
  (row) => row.from_id,
  (row) => row.saved_peer_id,
  (row) => row.pts,
  (row) => row.date,
  (row) => row.edit_date,
  (row) => row.flags,
  (row) => row.reply_to_msg_id,
  (row) => row.text,
  (row) => row.extra,
  (row) => row.ttl_period,
];
const SENT_COLUMNS: Columns<Arrivals['sent'][number]> = [
  ({ row }) => row.owner_id,
  ({ randomId }) => randomId,
  ({ row }) => row.global_id,
  ({ row }) => row.peer_id,
  ({ row }) => row.msg_id,
  ({ row }) => row.pts,
  () => 1,
  ({ row }) => row.date,
];
const DIALOG_COLUMNS: Columns<Arrivals['dialogs'][number]> = [
  (arrival) => arrival.owner,
  (arrival) => arrival.peerId,
  (arrival) => arrival.topMsgId,
  (arrival) => arrival.topDate,
  (arrival) => arrival.count,
  (arrival) => arrival.unread,
  (arrival) => arrival.wrote,
];

/** For each array parameter of a statement, how to read its value from a row. */
type Columns<Row> = readonly ((row: Row) => SqlValue)[];

const columnsOf = <Row>(columns: Columns<Row>, rows: readonly Row[]): SqlValue[] => columns.map((column) => rows.map(column) as SqlValue);

/** Writes what an edit may change; number, peer, author and date stay. */
export async function updateMessages(tx: Tx, rows: readonly MessageRow[]): Promise<void> {
  await tx.run(updateMessageRows, [
    rows.map((row) => row.owner_id),
    rows.map((row) => row.msg_id),
    rows.map((row) => row.text),
    rows.map((row) => row.extra),
    rows.map((row) => row.flags),
    rows.map((row) => row.edit_date),
  ]);
}

/** Clears bits of `flags` in messages of one box. */
export async function clearMessageFlags(tx: Tx, owner: bigint, msgIds: readonly number[], flags: number): Promise<void> {
  await tx.run(updateMessageFlags, [owner, msgIds, flags]);
}

/** A message that was actually deleted. */
export interface RemovedMessage {
  owner_id: bigint;
  msg_id: number;
  global_id: bigint;
  peer_id: bigint;
  flags: number;
  /** Whether it had more than a text. */
  has_extra: boolean;
}

/**
 * Deletes messages of one box.
 * @returns the messages that existed
 */
export async function removeMessages(tx: Tx, owner: bigint, msgIds: readonly number[]): Promise<RemovedMessage[]> {
  const { rows } = await tx.run(deleteMessageRows, [owner, msgIds]);
  await dropMessageFiles(tx, rows.map(({ msg_id: msgId }) => ({ ownerId: owner, msgId })));
  return rows;
}

/**
 * Deletes a slice of the messages of an account that is deleted, and orders that reactions in basic groups go with the last copies.
 * @returns the number of deleted messages
 */
export async function dropMessagesOf(tx: Tx, owner: bigint, limit: number): Promise<number> {
  const { rows } = await tx.run(deleteSlice, [owner, limit]);
  const ofGroups = groupBy(rows.filter((row) => isMarkedChat(row.peer_id)), (row) => row.peer_id);
  await Promise.all(Array.from(ofGroups, ([peerId, copies]) => orderReactionCheck(tx, peerId, copies.map((row) => row.global_id))));
  return rows.length;
}

/**
 * Deletes copies of messages in any boxes.
 * @returns the copies that existed
 */
export async function removeCopies(
  tx: Tx,
  copies: readonly { owner: bigint; globalId: bigint }[],
): Promise<RemovedMessage[]> {
  const { rows } = await tx.run(deleteCopyRows, [copies.map(({ owner }) => owner), copies.map(({ globalId }) => globalId)]);
  await dropMessageFiles(tx, rows.map(({ owner_id: ownerId, msg_id: msgId }) => ({ ownerId, msgId })));
  return rows;
}
