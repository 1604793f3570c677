import { RpcError } from '@aerogram/errors';

import { ChannelFlag } from '../chats/index.ts';
import { hasFlag, MessageFlag, type PostRow } from '../events/index.ts';
import { findPosts } from '../channel-state/index.ts';
import { type AccessedPosts, accessPosts, type ChannelViewer, type PostReadDeps } from './access-posts.ts';

/** A message of a discussion group that answers a comment. */
export interface CommentAnswer {
  row: PostRow;
  /** The comment. */
  answeredId: number;
  /** The message that started the thread. */
  rootId: number;
  /** Whether it may not be forwarded. */
  isProtected: boolean;
}

/**
 * Finds those of some messages that answer comments of the viewer, who is not in the group, or not any more. What the viewer may not read, or not any more, is left
 * out, and so is everything if the viewer has joined meanwhile.
 */
export async function findAnswers(deps: PostReadDeps, viewer: ChannelViewer, msgIds: readonly number[]): Promise<CommentAnswer[]> {
  const accessed = await accessOrNothing(deps, viewer, msgIds);
  if (accessed === undefined || accessed.member?.status === 'member') return [];
  const { row: group, posts } = accessed;
  const answered = await findPosts(deps.db.q, viewer.channelId, [...posts.values()].flatMap((row) => row.reply_to_msg_id ?? []));
  return [...posts.values()]
    .sort((a, b) => a.msg_id - b.msg_id)
    .flatMap((row) => {
      const { reply_to_msg_id: answeredId, top_id: rootId } = row;
      if (answeredId === null || rootId === null || answered.get(answeredId)?.poster_id !== viewer.viewerId) return [];
      return [{ row, answeredId, rootId, isProtected: (group.flags & ChannelFlag.noforwards) !== 0 || hasFlag(row, MessageFlag.noforwards) }];
    });
}

/** Undefined if the viewer may read nothing of the group. */
async function accessOrNothing(...[deps, viewer, msgIds]: Parameters<typeof accessPosts>): Promise<AccessedPosts | undefined> {
  try {
    return await accessPosts(deps, viewer, msgIds);
  } catch (error) {
    if (error instanceof RpcError && error.code < 500) return undefined;
    throw error;
  }
}
