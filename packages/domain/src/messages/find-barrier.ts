import { type RpcError, rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';

import { findUserRows, REPLIES_CHAT_ID } from '../peers/index.ts';
import { findRelations, NO_RELATION, pairKey } from '../relations/index.ts';
import type { MessagingDeps } from './messaging-deps.ts';

/** What keeps a message from a receiver. */
export interface Barrier {
  /** The sender is told that the message cannot be sent. */
  refusal?: RpcError;
  /** The receiver has blocked the sender, who is not told: only the sender has what is sent. */
  withheld?: boolean;
}

/** Where blocks are read: from the caches of the users, or in a transaction by {@link readingIn}. */
export type BarrierReader = Pick<MessagingDeps['users'], 'findRelation' | 'findRows'> & Partial<Pick<MessagingDeps['users'], 'peekRelation'>>;

const NO_BARRIER: Barrier = {};

/**
 * Checks whether sender and user have blocked each other, with the behaviour of the official server. A sender who blocked the user gets an
 * error. A sender whom the user blocked is not told, and only the sender's own box gets the message; a bot does get an error. Nobody writes to the account that
 * brings answers to comments.
 * @returns at once if nothing has to be read, which is nearly always so
 */
export function findBarrier(reader: BarrierReader, senderId: bigint, userId: bigint): Barrier | Promise<Barrier> {
  if (senderId === userId) return NO_BARRIER;
  if (userId === REPLIES_CHAT_ID) return { refusal: rpcError('PEER_ID_INVALID') };
  const known = reader.peekRelation?.(senderId, userId);
  return known !== undefined && !known.blocks && !known.blockedBy ? NO_BARRIER : readBarrier(reader, senderId, userId);
}

async function readBarrier(reader: BarrierReader, senderId: bigint, userId: bigint): Promise<Barrier> {
  const { blocks, blockedBy } = await reader.findRelation(senderId, userId);
  if (blocks) return { refusal: rpcError('YOU_BLOCKED_USER') };
  if (!blockedBy) return NO_BARRIER;
  const sender = (await reader.findRows([senderId])).get(senderId);
  return sender?.bot === true ? { refusal: rpcError('USER_IS_BLOCKED') } : { withheld: true };
}

/** Whether one of two people has blocked the other, so that nothing of the one who acts reaches the other. The box of the other must be locked. */
export async function isBarred(tx: Tx, { from, to }: { from: bigint; to: bigint }): Promise<boolean> {
  const { refusal, withheld = false } = await findBarrier(readingIn(tx), from, to);
  return refusal !== undefined || withheld;
}

/**
 * Reads blocks in a transaction. Whoever blocks locks their own box, so what is read while the boxes of both users are locked holds until
 * the transaction ends.
 */
export function readingIn(tx: Tx): BarrierReader {
  return {
    async findRelation(viewerId, targetId) {
      const key = pairKey(viewerId, targetId);
      return (await findRelations(tx, [key])).get(key) ?? NO_RELATION;
    },
    findRows: (ids) => findUserRows(tx, [...ids]),
  };
}
