import { rpcError } from '@aerogram/errors';
import type { Clock } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

import { type ChannelMemberRow, type ChannelRow, checkRight, findChannelMembers, findChannelRows, isSeen, sightOf, type Standing, standingIn } from '../chats/index.ts';
import type { PostRow } from '../events/index.ts';
import { findPosts } from '../channel-state/index.ts';

/** What reading the posts of a channel needs. */
export interface PostReadDeps {
  db: Database;
  clock: Pick<Clock, 'now'>;
}

/** Somebody who reads a channel. */
export interface ChannelViewer {
  viewerId: bigint;
  /** The plain id. */
  channelId: bigint;
}

/** A channel that somebody may read, and the messages that they have named. */
export interface AccessedPosts {
  row: ChannelRow;
  /** The row of the viewer; undefined for somebody who was never a member. */
  member: ChannelMemberRow | undefined;
  standing: Standing;
  /** Those of the messages that exist and are not hidden from the viewer, by id. */
  posts: Map<number, PostRow>;
}

/**
 * Finds messages of a channel that a viewer may read.
 * @throws RpcError 400 CHANNEL_INVALID, CHANNEL_PRIVATE if the viewer may not read the channel
 */
export async function accessPosts({ db, clock }: PostReadDeps, { viewerId, channelId }: ChannelViewer, msgIds: readonly number[]): Promise<AccessedPosts> {
  const [[row], [member], found] = await Promise.all([
    findChannelRows(db, [channelId]),
    findChannelMembers(db, [{ id: channelId, userId: viewerId }]),
    findPosts(db.q, channelId, msgIds),
  ]);
  if (row === undefined) throw rpcError('CHANNEL_INVALID');
  const standing = standingIn(row, member, clock.now());
  checkRight(standing, 'view_messages');
  const sight = sightOf(row, member);
  return { row, member, standing, posts: new Map([...found].filter(([, post]) => isSeen(sight, post))) };
}
