import { rpcError } from '@aerogram/errors';
import type { Clock } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

import { type ChannelMemberRow, type ChannelRow, checkRight, findChannelMembers, findChannelRows, type Standing, standingIn, withComments } from '../chats/index.ts';
import type { PostRow } from '../events/index.ts';
import { findPosts, shownPosts } from '../channel-state/index.ts';

/** What reading the posts of a channel needs. */
export interface PostReadDeps {
  db: Database;
  clock: Pick<Clock, 'now'>;
  findReadId: FindReadId;
}

/**
 * Asks the channel that is linked with a group whether somebody may read it who is not in the group.
 * @param userId a person; bots read and write nothing where they are no members
 * @param channelId plain id of the group
 * @returns the plain id of the linked channel; undefined if there is none, the user may not read it, or is in the group
 */
export type FindReadId = (userId: bigint, channelId: bigint) => Promise<bigint | undefined>;

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
 * Finds messages of a channel that a viewer may read. Of a discussion group in which the viewer may read nothing but comments, only comments are found.
 * @throws RpcError 400 CHANNEL_INVALID, CHANNEL_PRIVATE if the viewer may not read the channel
 */
export async function accessPosts({ db, clock, findReadId }: Omit<PostReadDeps, 'db'> & { db: Pick<Database, 'q' | 'run'> }, { viewerId, channelId }: ChannelViewer, msgIds: readonly number[]): Promise<AccessedPosts> {
  const [[row], [member], readId, found] = await Promise.all([
    findChannelRows(db, [channelId]),
    findChannelMembers(db, [{ id: channelId, userId: viewerId }]),
    findReadId(viewerId, channelId),
    findPosts(db.q, channelId, msgIds),
  ]);
  if (row === undefined) throw rpcError('CHANNEL_INVALID');
  const standing = withComments(standingIn(row, member, clock.now()), row, readId);
  if (standing.comments === undefined) checkRight(standing, 'view_messages');
  return { row, member, standing, posts: await shownPosts(db.q, { row, member, standing }, found) };
}
