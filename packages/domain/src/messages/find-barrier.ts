import { rpcError } from '@aerogram/errors';

import type { ResolvedPeer } from '../access/index.ts';
import type { MessagingDeps } from './messaging-deps.ts';
import type { Outgoing } from './outgoing.ts';

/**
 * What stands between a sender and a user, as official clients know it: whoever blocked somebody cannot write to them;
 * whoever was blocked is not told, and only they have what they write. Bots are told.
 */
export async function findBarrier(
  users: Pick<MessagingDeps['users'], 'findRelation' | 'findRows'>,
  senderId: bigint,
  peer: ResolvedPeer,
): Promise<Pick<Outgoing, 'refusal' | 'withheld'>> {
  if (peer.isSelf) return {};
  const { blocks, blockedBy } = await users.findRelation(senderId, peer.userId);
  if (blocks) return { refusal: rpcError('YOU_BLOCKED_USER') };
  if (!blockedBy) return {};
  const sender = (await users.findRows([senderId])).get(senderId);
  return sender?.bot === true ? { refusal: rpcError('USER_IS_BLOCKED') } : { withheld: true };
}

/**
 * Whether what somebody changes in a chat (edits, pins, reactions) stays in their own box, because one of the two blocked the other. Deletions and
 * read marks reach the other box all the same: they bring nothing new into it.
 */
export async function isOneSided(users: Pick<MessagingDeps['users'], 'findRelation'>, actorId: bigint, peer: ResolvedPeer): Promise<boolean> {
  if (peer.isSelf) return false;
  const { blocks, blockedBy } = await users.findRelation(actorId, peer.userId);
  return blocks || blockedBy;
}
