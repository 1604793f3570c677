import { createHash } from 'node:crypto';

import { defineStatement, type Tx } from '@aerogram/storage';

import { REPLIES_CHAT_ID } from '../peers/index.ts';

const MSG_ID_MAX = 2 ** 31 - 1;

const listOf = defineStatement<{ msg_id: number }>(
  'list_answers_of',
  `SELECT msg_id FROM messages WHERE owner_id = $1 AND peer_id = ${REPLIES_CHAT_ID} AND saved_peer_id = $2 AND msg_id <= $3 ORDER BY msg_id DESC LIMIT $4`,
);

const findKnown = defineStatement<{ global_id: bigint }>('find_known_answers', 'SELECT global_id FROM messages WHERE owner_id = $1 AND global_id = ANY ($2::bigint[])');

/** Lists what somebody has answered to the owner, the newest first. @param answererId marked @param maxId the newest message that is listed; undefined for all */
export async function listAnswersOf(tx: Tx, { ownerId, answererId, maxId = MSG_ID_MAX }: { ownerId: bigint; answererId: bigint; maxId?: number }, limit: number): Promise<number[]> {
  const { rows } = await tx.run(listOf, [ownerId, answererId, maxId, limit]);
  return rows.map((row) => row.msg_id);
}

/** Those of some answers, by their `global_id`, that the owner has already. */
export async function findKnownAnswers(tx: Tx, ownerId: bigint, globalIds: readonly bigint[]): Promise<Set<bigint>> {
  const { rows } = await tx.run(findKnown, [ownerId, globalIds]);
  return new Set(rows.map((row) => row.global_id));
}

/**
 * The `global_id` of an answer in the box of whoever it was brought to. It follows from where the answer is, so that nothing is brought twice. Pure.
 * @param peerId marked id of the group
 */
export function globalIdOf(peerId: bigint, msgId: number): bigint {
  return createHash('sha256').update(`answer ${peerId} ${msgId}`).digest().readBigUInt64LE() & (2n ** 63n - 1n);
}
