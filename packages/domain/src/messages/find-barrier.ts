import { type RpcError, rpcError } from '@aerogram/errors';

import type { BoxPeer, ResolvedUser } from '../access/index.ts';
import type { MessagingDeps } from './messaging-deps.ts';

/** What keeps a message from a receiver. */
export interface Barrier {
  /** The sender is told that the message cannot be sent. */
  refusal?: RpcError;
  /** The receiver has blocked the sender, who is not told: only the sender has what is sent. */
  withheld?: boolean;
}

/**
 * Checks whether sender and user have blocked each other, with the behaviour of the official server. A sender who blocked the user gets an
 * error. A sender whom the user blocked is not told, and only the sender's own box gets the message; a bot does get an error.
 */
export async function findBarrier(
  users: Pick<MessagingDeps['users'], 'findRelation' | 'findRows'>,
  senderId: bigint,
  peer: ResolvedUser,
): Promise<Barrier> {
  if (peer.isSelf) return {};
  const { blocks, blockedBy } = await users.findRelation(senderId, peer.userId);
  if (blocks) return { refusal: rpcError('YOU_BLOCKED_USER') };
  if (!blockedBy) return {};
  const sender = (await users.findRows([senderId])).get(senderId);
  return sender?.bot === true ? { refusal: rpcError('USER_IS_BLOCKED') } : { withheld: true };
}

/**
 * Whether a change in a chat (an edit, pin or reaction) stays in the actor's own box because one of the two blocked the other. Deletions
 * and read marks still reach the other box, because they add nothing to it.
 */
export async function isOneSided(users: Pick<MessagingDeps['users'], 'findRelation'>, actorId: bigint, peer: BoxPeer): Promise<boolean> {
  if (peer.kind === 'chat' || peer.isSelf) return false;
  const { blocks, blockedBy } = await users.findRelation(actorId, peer.userId);
  return blocks || blockedBy;
}
