import { isMarkedChannel, markPeer } from '@aerogram/cluster';

import { channelIdOf, type PostRow, unpackMessageExtra } from '../events/index.ts';

/** A post of a broadcast channel, of which its discussion group has a copy. */
export interface CopiedPost {
  /** The plain id of the channel. */
  channelId: bigint;
  postId: number;
}

/**
 * The post of a broadcast channel that a message of a discussion group copies; undefined for all other messages, also for those that somebody has forwarded
 * from the channel, because a forward does not say where it was taken from. Pure.
 */
export function copiedPostOf(row: Pick<PostRow, 'from_id' | 'peer_id' | 'extra'>): CopiedPost | undefined {
  const { from_id, peer_id, extra } = row;
  // Most messages are by users, so most need not be unpacked.
  if (!isMarkedChannel(from_id) || from_id === peer_id) return undefined;
  const { saved_from_peer: source, saved_from_msg_id: postId } = unpackMessageExtra(extra).fwdFrom ?? {};
  if (source === undefined || postId === undefined || markPeer(source) !== from_id) return undefined;
  return { channelId: channelIdOf(from_id), postId };
}
