import { defineStatement } from '@aerogram/storage';
import type { Tx } from '@aerogram/storage';

import { MessageFlag, type MessageRow, type Queries } from '../events/index.ts';
import { updateMessage } from './message-store.ts';

const addUnread = defineStatement(
  'add_unread_reaction',
  'INSERT INTO unread_reactions (owner_id, peer_id, msg_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
);

const removeUnread = defineStatement(
  'remove_unread_reactions',
  'DELETE FROM unread_reactions WHERE owner_id = $1 AND peer_id = $2 AND msg_id = ANY ($3::integer[])',
);

const countUse = defineStatement(
  'count_used_reaction',
  `INSERT INTO used_reactions AS u (owner_id, emoticon, uses, recent_date) VALUES ($1, $2, 1, $3)
   ON CONFLICT (owner_id, emoticon) DO UPDATE SET uses = u.uses + 1, recent_date = COALESCE(EXCLUDED.recent_date, u.recent_date)`,
);

/** Writes a message whose reactions changed, and records whether its owner has unseen reactions on it, as its flag says. */
export async function saveReactions(tx: Tx, row: MessageRow): Promise<void> {
  await updateMessage(tx, row);
  const isUnread = (row.flags & MessageFlag.unreadReactions) !== 0;
  if (isUnread) await tx.run(addUnread, [row.owner_id, row.peer_id, row.msg_id]);
  else await tx.run(removeUnread, [row.owner_id, row.peer_id, [row.msg_id]]);
}

/** Deletes the unseen-reaction records of messages that were deleted. */
export async function dropUnreadReactions(tx: Tx, owner: bigint, peerId: bigint, msgIds: readonly number[]): Promise<void> {
  await tx.run(removeUnread, [owner, peerId, msgIds]);
}

/** Lists the messages of a dialog with reactions that the owner has not seen, newest first. */
export async function listUnreadReactions(q: Queries, owner: bigint, peerId: bigint, limit: number): Promise<number[]> {
  const rows = await q
    .selectFrom('unread_reactions')
    .select('msg_id')
    .where('owner_id', '=', owner)
    .where('peer_id', '=', peerId)
    .orderBy('msg_id', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => row.msg_id);
}

/** Counts the messages with unseen reactions per dialog. Dialogs without any are left out. */
export async function countUnreadReactions(q: Queries, owner: bigint, peerIds: readonly bigint[]): Promise<Map<bigint, number>> {
  if (peerIds.length === 0) return new Map();
  const rows = await q
    .selectFrom('unread_reactions')
    .select(['peer_id', ({ fn }) => fn.countAll<bigint>().as('count')])
    .where('owner_id', '=', owner)
    .where('peer_id', 'in', [...peerIds])
    .groupBy('peer_id')
    .execute();
  return new Map(rows.map((row) => [row.peer_id, Number(row.count)]));
}

/**
 * Counts one use of a reaction by the owner.
 * @param recentDate unix seconds; undefined keeps the reaction out of the recent ones
 */
export async function saveUse(tx: Tx, owner: bigint, emoticon: string, recentDate: number | undefined): Promise<void> {
  await tx.run(countUse, [owner, emoticon, recentDate ?? null]);
}

/** Lists the emoji that the owner reacted with, most used first. */
export async function listUsed(q: Queries, owner: bigint): Promise<string[]> {
  const rows = await q.selectFrom('used_reactions').select('emoticon').where('owner_id', '=', owner).orderBy('uses', 'desc').orderBy('emoticon').execute();
  return rows.map((row) => row.emoticon);
}

/** Lists the emoji that the owner reacted with, most recent first. */
export async function listRecent(q: Queries, owner: bigint): Promise<string[]> {
  const rows = await q
    .selectFrom('used_reactions')
    .select('emoticon')
    .where('owner_id', '=', owner)
    .where('recent_date', 'is not', null)
    .orderBy('recent_date', 'desc')
    .orderBy('emoticon')
    .execute();
  return rows.map((row) => row.emoticon);
}

/** The owner's default reaction (double tap); undefined if none was chosen. */
export async function findDefaultReaction(q: Queries, owner: bigint): Promise<string | undefined> {
  const row = await q.selectFrom('chat_settings').select('default_reaction').where('owner_id', '=', owner).executeTakeFirst();
  return row?.default_reaction ?? undefined;
}

/**
 * Empties the list of recent reactions.
 * @returns whether it had any entries
 */
export async function clearRecent(tx: Tx, owner: bigint): Promise<boolean> {
  const result = await tx.q
    .updateTable('used_reactions')
    .set({ recent_date: null })
    .where('owner_id', '=', owner)
    .where('recent_date', 'is not', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}
