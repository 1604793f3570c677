import { defineStatement, jsonCodec, type Tx } from '@aerogram/storage';

/** The job that stores again in the account of somebody who returns to a group which reactions there they have to see. */
export const UNSEEN_REACTIONS_AGAIN = { kind: 'unseen-reactions-again', codec: jsonCodec<{ peerId: bigint }>() };

/** The same for votes in polls that they have made there. */
export const UNSEEN_VOTES_AGAIN = { kind: 'unseen-votes-again', codec: jsonCodec<{ peerId: bigint }>() };

/** The job that marks as seen all that a member has not seen of a group that became a supergroup. */
export const SEE_ALL = { kind: 'see-all-of-group', codec: jsonCodec<{ peerId: bigint }>() };

const findUnseen = defineStatement<{ user_id: bigint; has_reactions: boolean; has_votes: boolean }>(
  'find_unseen_of_returning',
  `SELECT u.user_id, EXISTS (SELECT FROM reaction_totals WHERE peer_id = $1 AND author_id = u.user_id AND has_unseen) AS has_reactions,
          EXISTS (SELECT FROM polls WHERE place_id = $1 AND creator_id = u.user_id AND has_unseen)
            OR EXISTS (SELECT FROM unread_poll_votes WHERE peer_id = $1 AND owner_id = u.user_id) AS has_votes
     FROM unnest($2::bigint[]) AS u (user_id)`,
);

/**
 * Orders, in the transaction that makes people members of a group, that they are told of the reactions and votes which came while they were away: what is noted as unseen already orders
 * nothing when further ones come. Costs one look-up for those for whom there is nothing.
 * Of votes that were unread when they left a basic group, nobody tells them that these were taken back, so they are told now.
 * @param peerId marked
 */
export async function orderUnseenAgain(tx: Tx, peerId: bigint, userIds: readonly bigint[]): Promise<void> {
  if (userIds.length === 0) return;
  for (const { user_id: owner_id, has_reactions, has_votes } of (await tx.run(findUnseen, [peerId, userIds])).rows) {
    if (has_reactions) await tx.job({ kind: UNSEEN_REACTIONS_AGAIN.kind, owner_id, payload: UNSEEN_REACTIONS_AGAIN.codec.encode({ peerId }) });
    if (has_votes) await tx.job({ kind: UNSEEN_VOTES_AGAIN.kind, owner_id, payload: UNSEEN_VOTES_AGAIN.codec.encode({ peerId }) });
  }
}

const findWithUnseen = defineStatement<{ user_id: bigint }>(
  'find_with_unseen_in_group',
  `SELECT u.user_id FROM unnest($2::bigint[]) AS u (user_id)
    WHERE EXISTS (SELECT FROM unread_mentions WHERE owner_id = u.user_id AND peer_id = $1)
       OR EXISTS (SELECT FROM unread_reactions WHERE owner_id = u.user_id AND peer_id = $1)
       OR EXISTS (SELECT FROM unread_poll_votes WHERE owner_id = u.user_id AND peer_id = $1)
       OR EXISTS (SELECT FROM reaction_totals WHERE peer_id = $1 AND author_id = u.user_id AND has_unseen)
       OR EXISTS (SELECT FROM polls WHERE place_id = $1 AND creator_id = u.user_id AND has_unseen)`,
);

/**
 * Orders, in the transaction that makes a supergroup of a basic group, that mentions, reactions and votes there count as seen for those who have not seen some.
 * @param peerId marked
 */
export async function orderSeeingAll(tx: Tx, peerId: bigint, userIds: readonly bigint[]): Promise<void> {
  for (const { user_id: owner_id } of (await tx.run(findWithUnseen, [peerId, userIds])).rows) {
    await tx.job({ kind: SEE_ALL.kind, owner_id, payload: SEE_ALL.codec.encode({ peerId }) });
  }
}
