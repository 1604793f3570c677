import { SERVICE_USER_IDS } from '@aerogram/cluster';

/**
 * The other box that has copies of a dialog's messages, or undefined: Saved Messages are one row, service accounts have
 * no box (rule S10). The only place that decides who else is written to (rule S1).
 */
export function otherBoxOf(ownerId: bigint, peerId: bigint): bigint | undefined {
  return peerId > 0n && peerId !== ownerId && !SERVICE_USER_IDS.has(peerId) ? peerId : undefined;
}

/** All boxes that a message of the dialog goes to, the owner's first. */
export function boxesOfDialog(ownerId: bigint, peerId: bigint): bigint[] {
  const other = otherBoxOf(ownerId, peerId);
  return other === undefined ? [ownerId] : [ownerId, other];
}
