/** A peer as TL names it. */
export type PeerLike =
  | { _: 'peerUser'; user_id: bigint }
  | { _: 'peerChat'; chat_id: bigint }
  | { _: 'peerChannel'; channel_id: bigint };

/** Channels begin below this; basic groups have −1 … −(10^12 − 1). */
const CHANNEL_OFFSET = 10n ** 12n;

/** One number that tells users, basic groups and channels apart, for database columns and keys of maps. */
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
 * The peer of a marked id.
 * @throws RangeError for numbers that mark nothing
 */
export function unmarkPeer(marked: bigint): PeerLike {
  if (marked > 0n) return { _: 'peerUser', user_id: marked };
  if (marked < 0n && marked > -CHANNEL_OFFSET) return { _: 'peerChat', chat_id: -marked };
  if (marked < -CHANNEL_OFFSET) return { _: 'peerChannel', channel_id: -marked - CHANNEL_OFFSET };
  throw new RangeError(`${marked} marks no peer`);
}

/** Whether a marked id is a user's. */
export const isMarkedUser = (marked: bigint): boolean => marked > 0n;

/** Whether a marked id is a basic group's. */
export const isMarkedChat = (marked: bigint): boolean => marked < 0n && marked > -CHANNEL_OFFSET;

/** Whether a marked id is a channel's or supergroup's. */
export const isMarkedChannel = (marked: bigint): boolean => marked < -CHANNEL_OFFSET;
