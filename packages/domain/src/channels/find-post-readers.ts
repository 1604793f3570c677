import { rpcError } from '@aerogram/errors';
import type { Clock } from '@aerogram/runtime';
import type { Database, JobKind } from '@aerogram/storage';

import { ChannelFlag, checkRight, findChannelMembers, findChannelRows, hiddenUpTo, isAdmin, standingIn } from '../chats/index.ts';
import { checkHasReaders, createForgetJob, type MessageReader } from '../messages/index.ts';
import { listChannelReaders, removeChannelReads } from './channel-read-store.ts';
import { findPosts } from './post-store.ts';

interface PostReadersDeps {
  db: Database;
  clock: Pick<Clock, 'now'>;
}

/**
 * Lists the members of a supergroup who have read a message that the viewer sent within the last seven days. The latest reader comes first.
 * Ordinary members are not told of anonymous admins, nor of anybody in groups that hide their members.
 * @throws RpcError 400 CHANNEL_INVALID, CHANNEL_PRIVATE, CHAT_ADMIN_REQUIRED (members are hidden), CHAT_TOO_BIG, MSG_ID_INVALID, MSG_TOO_OLD,
 * PEER_ID_INVALID (the viewer is not in the group, or it is a broadcast channel)
 */
export async function findPostReaders({ db, clock }: PostReadersDeps, { viewerId, channelId }: { viewerId: bigint; channelId: bigint }, msgId: number): Promise<MessageReader[]> {
  const [[row], [member], posts] = await Promise.all([
    findChannelRows(db, [channelId]),
    findChannelMembers(db, [{ id: channelId, userId: viewerId }]),
    findPosts(db.q, channelId, [msgId]),
  ]);
  if (row === undefined) throw rpcError('CHANNEL_INVALID');
  const standing = standingIn(row, member, clock.now());
  checkRight(standing, 'view_messages');
  if (row.kind === 'broadcast' || member?.status !== 'member') throw rpcError('PEER_ID_INVALID');
  if ((row.flags & ChannelFlag.participantsHidden) !== 0 && !isAdmin(standing)) throw rpcError('CHAT_ADMIN_REQUIRED');
  const post = msgId > hiddenUpTo(row, member) ? posts.get(msgId) : undefined;
  checkHasReaders(clock.now(), row.members, post, post?.poster_id === viewerId);
  return listChannelReaders(db, { ...post, channel_id: channelId }, isAdmin(standing));
}

/** The recurring job that deletes what nobody may query any more of who read when. */
export function createChannelReadJob(deps: PostReadersDeps): JobKind {
  return createForgetJob(deps, 'forget-channel-reads', removeChannelReads);
}
