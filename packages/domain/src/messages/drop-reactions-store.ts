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
  run: ({ peerId, postIds }, { db, signal }) => inSlices(SLICE, signal, async () => (await db.transact('drop-reactions', (tx) => tx.run(deleteRows, [peerId, postIds]))).count),
});
