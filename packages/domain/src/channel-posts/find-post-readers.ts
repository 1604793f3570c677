import { rpcError } from '@aerogram/errors';
import type { JobKind } from '@aerogram/storage';

import { ChannelFlag, isAdmin } from '../chats/index.ts';
import { checkHasReaders, createForgetJob, type MessageReader, type ReaderPrivacy, showReaders } from '../messages/index.ts';
import { listChannelReaders, removeChannelReads } from '../channel-state/index.ts';
import { accessPosts, type ChannelViewer, type PostReadDeps } from './access-posts.ts';

/**
 * Lists the members of a supergroup who have read a message that the viewer sent within the last seven days, as {@link showReaders} allows. The latest
 * reader comes first. Ordinary members are not told of anonymous admins, nor of anybody in groups that hide their members.
 * @throws RpcError 400 CHANNEL_INVALID, CHANNEL_PRIVATE, CHAT_ADMIN_REQUIRED (members are hidden), CHAT_TOO_BIG, MSG_ID_INVALID, MSG_TOO_OLD,
 * PEER_ID_INVALID (the viewer is not in the group, or it is a broadcast channel)
 */
export async function findPostReaders(deps: PostReadDeps & ReaderPrivacy, viewer: ChannelViewer, msgId: number): Promise<MessageReader[]> {
  const { row, member, standing, posts } = await accessPosts(deps, viewer, [msgId]);
  if (row.kind === 'broadcast' || member?.status !== 'member') throw rpcError('PEER_ID_INVALID');
  if ((row.flags & ChannelFlag.participantsHidden) !== 0 && !isAdmin(standing)) throw rpcError('CHAT_ADMIN_REQUIRED');
  const post = posts.get(msgId);
  checkHasReaders(deps.clock.now(), row.members, post, post?.poster_id === viewer.viewerId);
  return showReaders(deps, viewer.viewerId, await listChannelReaders(deps.db, { ...post, channel_id: viewer.channelId }, isAdmin(standing)));
}

/** The recurring job that deletes what nobody may query any more of who read when. */
export function createChannelReadJob(deps: PostReadDeps): JobKind {
  return createForgetJob(deps, 'forget-channel-reads', removeChannelReads);
}
