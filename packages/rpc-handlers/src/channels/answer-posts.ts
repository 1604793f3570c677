import type { PostRow, PostWindow, ThreadPart } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

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

/** Answers with a page of the replies of a thread, newest first. @param req.msg_id the message that started the thread, or a reply in it */
export async function answerReplies(ctx: RpcContext, channelId: bigint, req: Window & { msg_id: number }): Promise<tl.messages.Messages> {
  const channel = ctx.domain.channels.at(channelId).posts;
  // The pts is read first, so that the client never takes a message for known that the page lacks.
  const { pts } = await channel.findState(ctx.userId);
  const { rows, count } = await channel.listReplies(ctx.userId, req.msg_id, windowOf(req));
  if (req.hash !== 0n && req.hash === hashOfMessages(rows)) return { _: 'messages.messagesNotModified', count };
  return answerPosts(ctx, rows, { pts, count });
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

/** Answers that a channel has none of the messages that a client looks for, as its posts have no reactions yet. */
export async function answerNoPosts(ctx: RpcContext, channelId: bigint): Promise<tl.messages.channelMessages> {
  const { pts } = await ctx.domain.channels.at(channelId).posts.findState(ctx.userId);
  return answerPosts(ctx, [], { pts, count: 0 });
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

/** Answers with messages of a channel, the topics to which they belong and all peers they name. */
export async function answerPosts(ctx: RpcContext, rows: readonly PostRow[], { pts, count }: { pts: number; count: number }): Promise<tl.messages.channelMessages> {
  const content = await ctx.domain.channels.project(ctx.userId, rows);
  return { _: 'messages.channelMessages', pts, count: Math.max(count, rows.length), ...content };
}
