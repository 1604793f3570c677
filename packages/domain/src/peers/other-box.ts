import { SERVICE_USER_IDS } from '@aerogram/cluster';

/**
 * The other box that holds copies of a dialog's messages. Undefined for Saved Messages, which have a single row, and for service accounts,
 * which have no box (rule S10, popular receivers). Only this function decides which other box a message is written to (rule S1, owners' homes).
 */
export function otherBoxOf(ownerId: bigint, peerId: bigint): bigint | undefined {
  return peerId > 0n && peerId !== ownerId && !SERVICE_USER_IDS.has(peerId) ? peerId : undefined;
}
