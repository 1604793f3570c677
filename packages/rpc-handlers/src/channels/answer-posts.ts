import type { PostRow } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { hashOfMessages } from '../messages/hash-of-messages.ts';

/** The window of a history that a request asks for. */
type Window = Pick<tl.messages.getHistory, 'offset_id' | 'offset_date' | 'add_offset' | 'limit' | 'max_id' | 'min_id' | 'hash'>;

/** Answers with a page of a channel's history, newest first. */
export async function answerPostHistory(ctx: RpcContext, channelId: bigint, req: Window): Promise<tl.messages.Messages> {
  const channel = ctx.domain.channels.at(channelId);
  // The pts is read first, so that the client never takes a message for known that the page lacks.
  const { pts, count } = await channel.findState();
  const rows = await channel.listHistory({
    offsetId: req.offset_id,
    offsetDate: req.offset_date,
    addOffset: req.add_offset,
    limit: req.limit,
    maxId: req.max_id,
    minId: req.min_id,
  });
  if (req.hash !== 0n && req.hash === hashOfMessages(rows)) return { _: 'messages.messagesNotModified', count };
  return answerPosts(ctx, rows, { pts, count });
}

/** Answers with messages of a channel and all peers they name. */
export async function answerPosts(ctx: RpcContext, rows: readonly PostRow[], { pts, count }: { pts: number; count: number }): Promise<tl.messages.channelMessages> {
  const content = await ctx.domain.channels.project(ctx.userId, rows);
  return { _: 'messages.channelMessages', pts, count: Math.max(count, rows.length), topics: [], ...content };
}
