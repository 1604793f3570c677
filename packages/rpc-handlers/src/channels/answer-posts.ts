import type { PostRow, PostWindow, ThreadPart } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import type { ThreadPlace } from '../access-thread-place.ts';
import { hashOfMessages } from '../messages/hash-of-messages.ts';

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

/** Answers with a page of those messages of a channel, or of a topic or thread, that mention the caller, who has not seen them. */
export async function answerUnseenPosts(ctx: RpcContext, channelId: bigint, req: Omit<Window, 'offset_date' | 'hash'>, part: ThreadPart | undefined): Promise<tl.messages.Messages> {
  const channel = ctx.domain.channels.at(channelId).posts;
  const { pts } = await channel.findState(ctx.userId);
  const count = await channel.countMentions(ctx.userId, part);
  return answerPosts(ctx, await channel.listHistory(ctx.userId, { ...windowOf({ ...req, offset_date: 0 }), unseenBy: ctx.userId, part }), { pts, count });
}

/** Answers with a page of those of the caller's messages in a channel, or in a topic or thread, that have reactions which the caller has not seen. */
export async function answerReactedPosts(ctx: RpcContext, channelId: bigint, req: Omit<Window, 'offset_date' | 'hash'>, part: ThreadPart | undefined): Promise<tl.messages.Messages> {
  const { posts, reactions } = ctx.domain.channels.at(channelId);
  const { pts } = await posts.findState(ctx.userId);
  const count = await reactions.countUnseen(ctx.userId, part);
  return answerPosts(ctx, await posts.listHistory(ctx.userId, { ...windowOf({ ...req, offset_date: 0 }), reactedFor: ctx.userId, part }), { pts, count });
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
