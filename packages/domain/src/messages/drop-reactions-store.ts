import { defineJobKind, defineStatement, jsonCodec, type Tx } from '@aerogram/storage';

import { inSlices } from '../shared/index.ts';

/** Maximum number of rows deleted at once. */
const SLICE = 1000;

const deleteTotals = defineStatement('delete_reaction_totals', 'DELETE FROM reaction_totals WHERE peer_id = $1 AND post_id = ANY ($2::bigint[])');

const deleteRows = defineStatement(
  'delete_given_reactions',
  `DELETE FROM given_reactions WHERE ctid = ANY (ARRAY(SELECT ctid FROM given_reactions WHERE peer_id = $1 AND post_id = ANY ($2::bigint[]) LIMIT ${SLICE}))`,
);

/**
 * Deletes the reactions to messages of a group or channel that this transaction has deleted. The totals go at once; the rows that say who reacted are deleted by a job.
 * Nobody can react meanwhile, because the messages are locked.
 * @param peerId marked
 * @param postIds as `given_reactions.post_id` names them
 * @returns whether there were any
 */
export async function dropReactions(tx: Tx, peerId: bigint, postIds: readonly bigint[]): Promise<boolean> {
  if (postIds.length === 0 || (await tx.run(deleteTotals, [peerId, postIds])).count === 0) return false;
  await tx.job(dropReactionsJob.order(peerId, { peerId, postIds: [...postIds] }));
  return true;
}

/** Deletes who reacted to messages that do not exist any more. Safe to repeat. */
export const dropReactionsJob = defineJobKind<{ peerId: bigint; postIds: bigint[] }>({
  kind: 'drop-reactions',
  codec: jsonCodec(),
  // If it gave up, nothing would delete the reactions that are left.
  maxAttempts: Number.POSITIVE_INFINITY,
  run: ({ peerId, postIds }, { db, signal }) => inSlices(SLICE, signal, async () => (await db.transact('drop-reactions', (tx) => tx.run(deleteRows, [peerId, postIds]))).count),
});

const listReacted = defineStatement<{ post_id: bigint }>('list_reacted_posts', 'SELECT post_id FROM reaction_totals WHERE peer_id = $1 AND post_id = ANY ($2::bigint[])');

// Those who have left a group keep their copies, and their rows among its members.
const listCopied = defineStatement<{ post_id: bigint }>(
  'list_posts_with_copies',
  `SELECT p.post_id FROM unnest($2::bigint[]) AS p (post_id)
    WHERE EXISTS (SELECT FROM chat_members c JOIN messages m ON m.owner_id = c.user_id AND m.global_id = p.post_id WHERE c.chat_id = -$1::bigint)`,
);

/**
 * Orders, in the transaction that deletes one copy of each of these messages of a basic group, that their reactions go too if it was the last copy. Costs one look-up by key unless
 * somebody has reacted to them.
 * @param peerId marked
 */
export async function orderReactionCheck(tx: Tx, peerId: bigint, postIds: readonly bigint[]): Promise<void> {
  const reacted = postIds.length === 0 ? [] : (await tx.run(listReacted, [peerId, postIds])).rows.map((row) => row.post_id);
  if (reacted.length > 0) await tx.job(checkReactionsJob.order(peerId, { peerId, postIds: reacted }));
}

/** Deletes the reactions to those of these messages of a basic group of which nobody has a copy any more. Nobody gets a copy later. Safe to repeat. */
export const checkReactionsJob = defineJobKind<{ peerId: bigint; postIds: bigint[] }>({
  kind: 'check-reactions',
  codec: jsonCodec(),
  // If it gave up, nothing would look for these reactions again.
  maxAttempts: Number.POSITIVE_INFINITY,
  run: ({ peerId, postIds }, { db, done }) =>
    db.transact('check-reactions', async (tx) => {
      const copied = new Set((await tx.run(listCopied, [peerId, postIds])).rows.map((row) => row.post_id));
      await dropReactions(tx, peerId, postIds.filter((postId) => !copied.has(postId)));
      await done(tx);
    }),
});
