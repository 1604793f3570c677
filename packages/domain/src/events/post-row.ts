import { markPeer, unmarkPeer } from '@aerogram/cluster';
import type { Tables } from '@aerogram/storage';
import type { Selectable } from 'kysely';

import type { MessageRow } from './message-row.ts';

/**
 * A message of a supergroup or channel. It has the fields of a message row, so that code that reads messages works for both: the owner and
 * the peer are the channel, and `global_id` is 0, because there is only this one copy.
 */
export interface PostRow extends MessageRow {
  /** Number of the channel's messages up to this one, deleted ones included. */
  ordinal: number;
  /** The user who wrote it; `from_id` is the author that is shown. */
  poster_id: bigint;
  /** The name with which the author signed it; null: it is not signed. */
  signature: string | null;
  /** In a supergroup: the id of the message that started the thread to which this one belongs; null: it belongs to none. */
  top_id: number | null;
  /** Number of the thread's messages up to this one, deleted ones included; null: it belongs to no thread. */
  top_ordinal: number | null;
}

/** A row of `channel_messages`. */
export type StoredPost = Selectable<Tables['channel_messages']>;

/** Converts a row of `channel_messages` to the shape of a message. Pure. */
export function postOf({ channel_id, ...row }: StoredPost): PostRow {
  const peerId = markPeer({ _: 'peerChannel', channel_id });
  return { ...row, owner_id: peerId, peer_id: peerId, global_id: 0n, saved_peer_id: null };
}

/**
 * The plain id of a channel.
 * @param peerId marked
 * @throws RangeError for other peers
 */
export function channelIdOf(peerId: bigint): bigint {
  const peer = unmarkPeer(peerId);
  if (peer._ !== 'peerChannel') throw new RangeError(`${peerId} is no channel`);
  return peer.channel_id;
}
