import { defineJobKind, defineStatement, jsonCodec, type Tx } from '@aerogram/storage';

import { channelIdOf, type PostRow } from '../events/index.ts';
import { dropUnread } from '../messages/index.ts';
import { inSlices } from '../shared/index.ts';

/** Maximum number of rows deleted at once. */
const SLICE = 1000;

const deleteTotals = defineStatement('delete_reaction_totals', 'DELETE FROM reaction_totals WHERE channel_id = $1 AND msg_id = ANY ($2::integer[])');

const deleteRows = defineStatement(
  'delete_channel_reactions',
  `DELETE FROM channel_reactions WHERE ctid = ANY (ARRAY(SELECT ctid FROM channel_reactions WHERE channel_id = $1 AND msg_id = ANY ($2::integer[]) LIMIT ${SLICE}))`,
);

/**
 * Deletes the reactions to messages that this transaction has deleted: how many there are at once, who gave them later. Since the messages are locked, nobody can give
 * further ones.
 */
export async function dropReactions(tx: Tx, posts: readonly PostRow[]): Promise<void> {
  const [first] = posts;
  if (first === undefined) return;
  const channelId = channelIdOf(first.peer_id);
  const msgIds = posts.map((post) => post.msg_id);
  if ((await tx.run(deleteTotals, [channelId, msgIds])).count === 0) return;
  await dropUnread(tx, 'unread_reactions', posts.map((post) => ({ owner_id: post.poster_id, peer_id: post.peer_id, msg_id: post.msg_id })));
  await tx.job(dropReactionsJob.order(first.peer_id, { channelId, msgIds }));
}

/** Deletes who reacted to messages that do not exist any more. Safe to repeat. */
export const dropReactionsJob = defineJobKind<{ channelId: bigint; msgIds: number[] }>({
  kind: 'drop-reactions',
  codec: jsonCodec(),
  run: ({ channelId, msgIds }, { db, signal }) => inSlices(SLICE, signal, async () => (await db.transact('drop-reactions', (tx) => tx.run(deleteRows, [channelId, msgIds]))).count),
});
