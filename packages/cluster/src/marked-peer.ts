import { isIdInBounds } from './id-bounds.ts';

/** A TL `Peer`. */
export type PeerLike =
  | { _: 'peerUser'; user_id: bigint }
  | { _: 'peerChat'; chat_id: bigint }
  | { _: 'peerChannel'; channel_id: bigint };

/** Marked ids of channels are below minus this; those of basic groups are −1 … −(10^12 − 1). */
export const CHANNEL_OFFSET = 10n ** 12n;

/** Returns the marked id: one number that distinguishes users, basic groups and channels, for database columns and map keys. */
export function markPeer(peer: PeerLike): bigint {
  switch (peer._) {
    case 'peerUser':
      return peer.user_id;
    case 'peerChat':
      return -peer.chat_id;
    case 'peerChannel':
      return -(CHANNEL_OFFSET + peer.channel_id);
  }
}

/**
 * Returns the marked id of a peer that a client named.
 * @returns undefined for ids that clients do not accept. Their marked ids could belong to another kind of peer, or not fit into the database's bigint.
 */
export function markNamedPeer(peer: PeerLike): bigint | undefined {
  return isPeerInBounds(peer) ? markPeer(peer) : undefined;
}

function isPeerInBounds(peer: PeerLike): boolean {
  switch (peer._) {
    case 'peerUser':
      return isIdInBounds('user', peer.user_id);
    case 'peerChat':
      return isIdInBounds('chat', peer.chat_id);
    case 'peerChannel':
      return isIdInBounds('channel', peer.channel_id) || isIdInBounds('monoforum', peer.channel_id);
  }
}

/**
 * Returns the peer of a marked id.
 * @throws RangeError for numbers that are not marked ids
 */
export function unmarkPeer(marked: bigint): PeerLike {
  if (marked > 0n) return { _: 'peerUser', user_id: marked };
  if (marked < 0n && marked > -CHANNEL_OFFSET) return { _: 'peerChat', chat_id: -marked };
  if (marked < -CHANNEL_OFFSET) return { _: 'peerChannel', channel_id: -marked - CHANNEL_OFFSET };
  throw new RangeError(`${marked} marks no peer`);
}

/** Returns the peer of a marked id that a client wrote as a number; undefined if it marks no peer, or one that {@link markNamedPeer} does not take. */
export function unmarkNamedPeer(marked: bigint): PeerLike | undefined {
  if (marked === 0n || marked === -CHANNEL_OFFSET) return undefined;
  const peer = unmarkPeer(marked);
  return isPeerInBounds(peer) ? peer : undefined;
}

/** Whether a marked id belongs to a user. */
export const isMarkedUser = (marked: bigint): boolean => marked > 0n;

/** Whether a marked id belongs to a basic group. */
export const isMarkedChat = (marked: bigint): boolean => marked < 0n && marked > -CHANNEL_OFFSET;

/** Whether a marked id belongs to a channel or supergroup. */
export const isMarkedChannel = (marked: bigint): boolean => marked < -CHANNEL_OFFSET;
