import type { MessageRow, UnreadTable } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { hashOfMessages } from '../hash-of-messages.ts';

/** The fields of a request that select a window of messages. */
type Window = Pick<tl.messages.search, 'offset_id' | 'add_offset' | 'limit' | 'max_id' | 'min_id'> &
  Partial<Pick<tl.messages.getHistory, 'offset_date' | 'hash'>>;

/** The messages to select from. */
interface Range {
  /** Marked peer id. */
  peerId: bigint;
  /** In Saved Messages: only messages saved from this peer. */
  savedPeerId?: bigint;
  /** Only messages with this mark. */
  only?: 'pinned_messages' | UnreadTable;
}

/** Answers with the requested window of a dialog's messages, newest first. @param total returns their total number */
export async function answerHistory(ctx: RpcContext, range: Range, req: Window, total: () => Promise<number>): Promise<tl.messages.Messages> {
  const rows = await ctx.domain.messages.listHistory({
    ...range,
    ownerId: ctx.userId,
    offsetId: req.offset_id,
    offsetDate: req.offset_date ?? 0,
    addOffset: req.add_offset,
    limit: req.limit,
    maxId: req.max_id,
    minId: req.min_id,
  });
  return answerMessages(ctx, rows, Math.max(await total(), rows.length), req.hash);
}

/** Answers with messages and all peers they name. @param count total number @param hash of the client's copy; 0 if it has none */
export async function answerMessages(ctx: RpcContext, rows: readonly MessageRow[], count: number, hash = 0n): Promise<tl.messages.Messages> {
  if (hash !== 0n && hash === hashOfMessages(rows)) return { _: 'messages.messagesNotModified', count };
  const content = await ctx.domain.messages.project(ctx.userId, rows);
  return rows.length === count ? { _: 'messages.messages', ...content } : { _: 'messages.messagesSlice', count, ...content };
}
