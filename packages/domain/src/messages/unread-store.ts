import { defineStatement, type Statement, type Tx } from '@aerogram/storage';

import type { Queries } from '../events/index.ts';
import type { StoredPlace } from './pin-store.ts';

/**
 * Tables with the messages whose owner has not seen something of them: reactions to an own message, that a message mentions the owner, or votes in an own poll. Of
 * reactions and mentions, the flags of the message say the same.
 */
export type UnreadTable = 'unread_reactions' | 'unread_mentions' | 'unread_poll_votes';

/** A message that its owner has not seen, and the thread of a supergroup to which it belongs, if any. */
export interface UnreadPlace extends StoredPlace {
  top_id?: number | null;
}

const addStatement = (table: UnreadTable): Statement<unknown> =>
  defineStatement(
    `add_${table}`,
    `INSERT INTO ${table} (owner_id, peer_id, msg_id, top_id)
     SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::integer[], $4::integer[]) ON CONFLICT DO NOTHING`,
  );

const ADD: Record<UnreadTable, Statement<unknown>> = { unread_reactions: addStatement('unread_reactions'), unread_mentions: addStatement('unread_mentions'), unread_poll_votes: addStatement('unread_poll_votes') };

const dropStatement = (table: UnreadTable): Statement<unknown> =>
  defineStatement(
    `drop_${table}`,
    `DELETE FROM ${table} r USING unnest($1::bigint[], $2::bigint[], $3::integer[]) AS w (owner_id, peer_id, msg_id)
      WHERE r.owner_id = w.owner_id AND r.peer_id = w.peer_id AND r.msg_id = w.msg_id`,
  );

const DROP: Record<UnreadTable, Statement<unknown>> = { unread_reactions: dropStatement('unread_reactions'), unread_mentions: dropStatement('unread_mentions'), unread_poll_votes: dropStatement('unread_poll_votes') };

const columnsOf = (rows: readonly StoredPlace[]): [bigint[], bigint[], number[]] => [
  rows.map((row) => row.owner_id),
  rows.map((row) => row.peer_id),
  rows.map((row) => row.msg_id),
];

/** Records that reactions to messages, or votes in their polls, are unseen. */
export async function addUnread(tx: Tx, table: Exclude<UnreadTable, 'unread_mentions'>, rows: readonly UnreadPlace[]): Promise<void> {
  if (rows.length > 0) await tx.run(ADD[table], [...columnsOf(rows), rows.map((row) => row.top_id ?? null)]);
}

/** Records mentions as unseen, in messages that are inserted together with the COMMIT. */
export function addUnreadMentionsLast(tx: Tx, rows: readonly UnreadPlace[]): void {
  if (rows.length > 0) tx.runLast(ADD.unread_mentions, [...columnsOf(rows), rows.map((row) => row.top_id ?? null)]);
}

/** Deletes the records of messages that were seen or deleted. */
export async function dropUnread(tx: Tx, table: UnreadTable, rows: readonly StoredPlace[]): Promise<void> {
  if (rows.length > 0) await tx.run(DROP[table], columnsOf(rows));
}

const dropUpTo = defineStatement(
  'drop_unread_up_to',
  `WITH mentions AS (DELETE FROM unread_mentions WHERE owner_id = $1 AND peer_id = $2 AND msg_id <= $3),
   reactions AS (DELETE FROM unread_reactions WHERE owner_id = $1 AND peer_id = $2 AND msg_id <= $3)
   DELETE FROM unread_poll_votes WHERE owner_id = $1 AND peer_id = $2 AND msg_id <= $3`,
);

/** Deletes the records of messages of a channel that somebody does not see any more, up to this one. */
export async function dropUnreadUpTo(tx: Tx, { owner_id, peer_id, msg_id }: StoredPlace): Promise<void> {
  await tx.run(dropUpTo, [owner_id, peer_id, msg_id]);
}

/** Lists the unseen messages of a dialog, newest first. */
export async function listUnread(q: Queries, table: UnreadTable, { owner, peerId, limit }: { owner: bigint; peerId: bigint; limit: number }): Promise<number[]> {
  const rows = await q
    .selectFrom(table)
    .select('msg_id')
    .where('owner_id', '=', owner)
    .where('peer_id', '=', peerId)
    .orderBy('msg_id', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => row.msg_id);
}

/**
 * Lists those of these messages of a box that its owner has not seen, with their dialogs. Messages of channels have ids of their own, which may be the same; they are listed,
 * too.
 */
export async function listUnreadAmong(q: Queries, table: UnreadTable, owner: bigint, msgIds: readonly number[]): Promise<{ peer_id: bigint; msg_id: number }[]> {
  if (msgIds.length === 0) return [];
  return q.selectFrom(table).select(['peer_id', 'msg_id']).where('owner_id', '=', owner).where('msg_id', 'in', [...msgIds]).execute();
}

/** Counts the unseen messages per dialog. Dialogs without any are left out. */
export async function countUnread(q: Queries, table: UnreadTable, owner: bigint, peerIds: readonly bigint[]): Promise<Map<bigint, number>> {
  if (peerIds.length === 0) return new Map();
  const rows = await q
    .selectFrom(table)
    .select(['peer_id', ({ fn }) => fn.countAll<bigint>().as('count')])
    .where('owner_id', '=', owner)
    .where('peer_id', 'in', [...peerIds])
    .groupBy('peer_id')
    .execute();
  return new Map(rows.map((row) => [row.peer_id, Number(row.count)]));
}
