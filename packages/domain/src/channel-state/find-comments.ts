import { type ChannelMemberRow, type ChannelRow, isSeen, mayDo, sightOf, type Standing } from '../chats/index.ts';
import type { PostRow, Queries } from '../events/index.ts';
import { copiedPostOf } from './post-copy.ts';
import { findPosts } from './post-store.ts';

/**
 * Finds those of some messages of a group that belong to the comments below a post of its linked channel: copies of posts, and what was written in their threads.
 * They are all that people see who may read the channel and are not in the group.
 */
export async function findComments(q: Queries, { channel_id, linked_chat_id }: Pick<ChannelRow, 'channel_id' | 'linked_chat_id'>, posts: ReadonlyMap<number, PostRow>): Promise<Map<number, PostRow>> {
  if (linked_chat_id === null || posts.size === 0) return new Map();
  const unread = [...posts.values()].flatMap(({ top_id }) => (top_id === null || posts.has(top_id) ? [] : [top_id]));
  const roots = new Map([...posts, ...(await findPosts(q, channel_id, [...new Set(unread)]))]);
  const isCopy = (row: PostRow | undefined): boolean => row !== undefined && row.top_id === null && copiedPostOf(row)?.channelId === linked_chat_id;
  return new Map([...posts].filter(([, post]) => isCopy(post.top_id === null ? post : roots.get(post.top_id))));
}

/** Somebody who names or reads messages of a channel. */
interface Beholder {
  row: ChannelRow;
  member: ChannelMemberRow | undefined;
  /** With what follows from reading the linked channel. */
  standing: Standing;
}

/** Those of some messages of a channel that are not hidden from somebody, and for whoever may only read the comments of a group, only comments. */
export async function shownPosts(q: Queries, { row, member, standing }: Beholder, posts: ReadonlyMap<number, PostRow>): Promise<Map<number, PostRow>> {
  const sight = sightOf(row, member);
  const shown = new Map([...posts].filter(([, post]) => isSeen(sight, post)));
  return standing.comments === undefined || mayDo(standing, 'view_messages') ? shown : findComments(q, row, shown);
}
