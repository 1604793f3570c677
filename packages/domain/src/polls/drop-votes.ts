import type { Tx } from '@aerogram/storage';

import { liveBits, unpackBody } from './poll-body.ts';
import { listVotesOf, lockPolls, saveVotes } from './poll-store.ts';
import { saveCounted, withVote } from './cast-votes.ts';
import { orderToldVotes, type ToldVote } from './tell-bots-of-polls.ts';

/**
 * Deletes a slice of the votes of an account that is deleted, and takes them from the totals.
 * @returns the number of deleted votes
 */
export async function dropVotesOf(tx: Tx, voterId: bigint, limit: number): Promise<number> {
  const votes = await listVotesOf(tx, voterId, limit);
  const polls = await lockPolls(tx, votes.map(({ poll_id }) => poll_id));
  await saveVotes(tx, votes.map((vote) => ({ ...vote, chosen: 0n })));
  const told: ToldVote[] = [];
  for (const vote of votes) {
    const row = polls.get(vote.poll_id);
    if (row === undefined) continue;
    const after = withVote(row, vote.chosen & liveBits(unpackBody(row.body).poll), 0n);
    await saveCounted(tx, after, [{ ...vote, chosen: 0n }]);
    told.push({ row, voter_id: voterId, chosen: 0n });
  }
  await orderToldVotes(tx, told);
  return votes.length;
}
