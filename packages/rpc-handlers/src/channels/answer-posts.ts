import type { PostRow, PostWindow, ThreadPart, UnreadTable } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import type { ThreadPlace } from '../access-thread-place.ts';
import { hashOfMessages } from '../hash-of-messages.ts';

/** The window of a history that a request asks for. */
type Window = Pick<tl.messages.getHistory, 'offset_id' | 'offset_date' | 'add_offset' | 'limit' | 'max_id' | 'min_id' | 'hash'>;

/** Answers with a page of a channel's history, newest first. */
export async function answerPostHistory(ctx: RpcContext, channelId: bigint, req: Window): Promise<tl.messages.Messages> {
  const channel = ctx.domain.channels.at(channelId).posts;
  // The pts is read first, so that the client never takes a message for known that the page lacks.
  const { pts, count } = await channel.findState(ctx.userId);
  const rows = await channel.listHistory(ctx.userId, windowOf(req));
  if (req.hash !== 0n && req.hash === hashOfMessages(rows)) return { _: 'messages.messagesNotModified', count };
  return answerPosts(ctx, rows, { pts, count });
}

/** Answers with a page of the replies of a thread, newest first. */
export async function answerReplies(ctx: RpcContext, { channelId, msgId, peerIds }: ThreadPlace, req: Window): Promise<tl.messages.Messages> {
  const channel = ctx.domain.channels.at(channelId).posts;
  // The pts is read first, so that the client never takes a message for known that the page lacks.
  const { pts } = await channel.findState(ctx.userId);
  const { rows, count } = await channel.listReplies(ctx.userId, msgId, windowOf(req));
  if (req.hash !== 0n && req.hash === hashOfMessages(rows)) return { _: 'messages.messagesNotModified', count };
  return answerPosts(ctx, rows, { pts, count }, peerIds);
}

/** Answers with a page of a channel's pinned messages, newest first. */
export async function answerPinnedPosts(ctx: RpcContext, channelId: bigint, req: Omit<Window, 'offset_date' | 'hash'>): Promise<tl.messages.Messages> {
  const channel = ctx.domain.channels.at(channelId).posts;
  const { pts } = await channel.findState(ctx.userId);
  const count = await channel.countPinned(ctx.userId);
  return answerPosts(ctx, await channel.listHistory(ctx.userId, { ...windowOf({ ...req, offset_date: 0 }), pinned: true }), { pts, count });
}

/** What is asked for of the messages with something that the caller has not seen. */
interface UnseenAsked {
  table: UnreadTable;
  /** Only messages of this topic or thread. */
  part: ThreadPart | undefined;
}

/** Answers with a page of those messages of a channel that have something which the caller has not seen. */
export async function answerUnseenPosts(ctx: RpcContext, channelId: bigint, req: Omit<Window, 'offset_date' | 'hash'>, { table, part }: UnseenAsked): Promise<tl.messages.Messages> {
  const { posts } = ctx.domain.channels.at(channelId);
  const { pts } = await posts.findState(ctx.userId);
  const count = await posts.countUnseen(table, ctx.userId, part);
  return answerPosts(ctx, await posts.listHistory(ctx.userId, { ...windowOf({ ...req, offset_date: 0 }), unseen: { table, viewerId: ctx.userId }, part }), { pts, count });
}

function windowOf(req: Omit<Window, 'hash'>): PostWindow {
  return {
    offsetId: req.offset_id,
    offsetDate: req.offset_date,
    addOffset: req.add_offset,
    limit: req.limit,
    maxId: req.max_id,
    minId: req.min_id,
  };
}

/** Answers with messages of a channel, the topics to which they belong and all peers they name. @param besides marked ids of further peers */
export async function answerPosts(ctx: RpcContext, rows: readonly PostRow[], { pts, count }: { pts: number; count: number }, besides?: readonly bigint[]): Promise<tl.messages.channelMessages> {
  const content = await ctx.domain.channels.project(ctx.userId, rows, besides);
  return { _: 'messages.channelMessages', pts, count: Math.max(count, rows.length), ...content };
}
