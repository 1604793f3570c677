import { jsonCodec, type Tx } from '@aerogram/storage';

import { liveBits, unpackBody } from './poll-body.ts';
import { hasUnseenVote, type PollRow, type VoteRow } from './poll-store.ts';

/** The job that stores in the account of a poll's creator whether there are votes to see. */
export const SETTLE_VOTES = { kind: 'settle-unread-votes', codec: jsonCodec<{ pollId: string }>() };

/**
 * Finds out whether the creator of a poll has votes to see after changes, which were written before. If that has changed, orders that the creator's account stores it. Further
 * votes order nothing until the creator has looked. Of anonymous polls there is never anything to see.
 * @param row after the changes
 * @param changed the votes that were cast, changed or taken back
 * @returns the row as it is to be stored
 */
export async function noteUnseen(tx: Tx, row: PollRow, changed: readonly Pick<VoteRow, 'voter_id' | 'chosen'>[]): Promise<PollRow> {
  if (!row.is_public) return row;
  const ofOthers = changed.filter(({ voter_id }) => voter_id !== row.creator_id);
  const isCast = ofOthers.some(({ chosen }) => chosen !== 0n);
  // The only unseen vote may be one that was taken back just now.
  const mayBeGone = row.has_unseen && ofOthers.length > 0;
  const has_unseen = isCast || (mayBeGone ? await hasUnseenVote(tx, row, liveBits(unpackBody(row.body).poll)) : row.has_unseen);
  await orderSettling(tx, row, has_unseen);
  return { ...row, has_unseen };
}

/** Orders that the account of a poll's creator stores whether there are votes to see, if that has changed. */
export async function orderSettling(tx: Tx, { poll_id, creator_id, has_unseen: was }: PollRow, is: boolean): Promise<void> {
  if (was !== is) await tx.job({ kind: SETTLE_VOTES.kind, owner_id: creator_id, payload: SETTLE_VOTES.codec.encode({ pollId: String(poll_id) }) });
}
