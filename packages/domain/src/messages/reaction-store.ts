import { defineStatement } from '@aerogram/storage';
import type { Tx } from '@aerogram/storage';

import { hasFlag, MessageFlag, type MessageRow, type Queries } from '../events/index.ts';
import { updateMessages } from './message-store.ts';
import { addUnread, dropUnread } from './unread-store.ts';

// In one order, so that two transactions never wait for each other.
const countUses = defineStatement(
  'count_used_reactions',
  `INSERT INTO used_reactions AS u (owner_id, emoticon, uses, recent_date)
   SELECT n.owner_id, n.emoticon, 1, n.recent_date FROM unnest($1::bigint[], $2::text[], $3::integer[]) AS n (owner_id, emoticon, recent_date) ORDER BY 1, 2
   ON CONFLICT (owner_id, emoticon) DO UPDATE SET uses = u.uses + 1, recent_date = COALESCE(EXCLUDED.recent_date, u.recent_date)`,
);

/** Writes messages whose reactions changed, and records for each whether its owner has unseen reactions on it, as its flag says. */
export async function saveReactions(tx: Tx, rows: readonly MessageRow[]): Promise<void> {
  if (rows.length === 0) return;
  await updateMessages(tx, rows);
  const unread = rows.filter((row) => hasFlag(row, MessageFlag.unreadReactions));
  const seen = rows.filter((row) => !hasFlag(row, MessageFlag.unreadReactions));
  await addUnread(tx, 'unread_reactions', unread);
  await dropUnread(tx, 'unread_reactions', seen);
}

/** That somebody has used a reaction. */
export interface ReactionUse {
  ownerId: bigint;
  /** Its key, see `keyOfReaction`. */
  emoticon: string;
  /** In unix seconds; undefined keeps the reaction out of the recent ones. */
  recentDate: number | undefined;
}

/** Counts uses of reactions, each pair of owner and reaction once at most. */
export async function saveUses(tx: Tx, uses: readonly ReactionUse[]): Promise<void> {
  if (uses.length === 0) return;
  await tx.run(countUses, [uses.map((use) => use.ownerId), uses.map((use) => use.emoticon), uses.map((use) => use.recentDate ?? null)]);
}

/** Lists the keys of the reactions that the owner gave, most used first. */
export async function listUsed(q: Queries, owner: bigint): Promise<string[]> {
  const rows = await q.selectFrom('used_reactions').select('emoticon').where('owner_id', '=', owner).orderBy('uses', 'desc').orderBy('emoticon').execute();
  return rows.map((row) => row.emoticon);
}

/** Lists the keys of the reactions that the owner gave, most recent first. */
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

/** The key of the owner's default reaction (double tap); undefined if none was chosen. */
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
