import { defineStatement, sql } from '@aerogram/storage';
import type { Tx } from '@aerogram/storage';

import type { MessageRow, Queries } from '../events/index.ts';

/** A tag: a reaction that marks messages in Saved Messages. */
export interface SavedTag {
  /** The key of the reaction, see `keyOfReaction`. */
  emoticon: string;
  /** The name that the owner gave the tag. */
  title: string | null;
  /** Number of messages with the tag. */
  count: number;
}

const insertTags = defineStatement(
  'insert_tags',
  `INSERT INTO message_tags (owner_id, msg_id, emoticon, saved_peer_id)
   SELECT $1::bigint, $2::integer, emoticon, $4::bigint FROM unnest($3::text[]) AS emoticon`,
);

const deleteTags = defineStatement('delete_tags', 'DELETE FROM message_tags WHERE owner_id = $1 AND msg_id = ANY ($2::integer[])');

/** Replaces the tags of a message in Saved Messages. */
export async function saveTags(tx: Tx, row: MessageRow, emoticons: readonly string[]): Promise<void> {
  await tx.run(deleteTags, [row.owner_id, [row.msg_id]]);
  if (emoticons.length > 0) await tx.run(insertTags, [row.owner_id, row.msg_id, emoticons, row.saved_peer_id ?? row.owner_id]);
}

/** Deletes the tags of messages that were deleted. */
export async function dropTags(tx: Tx, owner: bigint, msgIds: readonly number[]): Promise<void> {
  await tx.run(deleteTags, [owner, msgIds]);
}

/**
 * Lists an owner's tags that are in use, most used first.
 * @param savedPeerId counts only messages saved from this peer
 */
export async function listTags(q: Queries, owner: bigint, savedPeerId: bigint | undefined): Promise<SavedTag[]> {
  const rows = await q
    .selectFrom('message_tags as t')
    .leftJoin('tag_titles as n', (join) => join.onRef('n.owner_id', '=', 't.owner_id').onRef('n.emoticon', '=', 't.emoticon'))
    .select(['t.emoticon', 'n.title', ({ fn }) => fn.countAll<bigint>().as('count')])
    .where('t.owner_id', '=', owner)
    .$if(savedPeerId !== undefined, (query) => query.where('t.saved_peer_id', '=', savedPeerId!))
    .groupBy(['t.emoticon', 'n.title'])
    .orderBy(sql`count(*)`, 'desc')
    .orderBy('t.emoticon')
    .execute();
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}

/**
 * Names a tag; an empty title removes the name.
 * @returns whether the name changed
 */
export async function saveTagTitle(tx: Tx, owner: bigint, emoticon: string, title: string): Promise<boolean> {
  if (title === '') {
    const gone = await tx.q.deleteFrom('tag_titles').where('owner_id', '=', owner).where('emoticon', '=', emoticon).executeTakeFirst();
    return gone.numDeletedRows > 0n;
  }
  const written = await tx.q
    .insertInto('tag_titles')
    .values({ owner_id: owner, emoticon, title })
    .onConflict((conflict) => conflict.columns(['owner_id', 'emoticon']).doUpdateSet({ title }).where('tag_titles.title', '<>', title))
    .executeTakeFirst();
  return (written.numInsertedOrUpdatedRows ?? 0n) > 0n;
}
