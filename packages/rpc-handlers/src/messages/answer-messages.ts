import { cutToBytes } from '@aerogram/domain';
import type { MessageRow } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { hashOfMessages } from './hash-of-messages.ts';

/** The part of a request that says which of the messages are wanted. */
type Window = Pick<tl.messages.search, 'offset_id' | 'add_offset' | 'limit' | 'max_id' | 'min_id'> &
  Partial<Pick<tl.messages.getHistory, 'offset_date' | 'hash'>>;

/** Which messages there are to choose from. */
interface Range {
  /** Marked. */
  peerId: bigint;
  /** Of Saved Messages: only what came from there. */
  savedPeerId?: bigint;
  /** Only those that bear this mark. */
  only?: 'pinned_messages' | 'unread_reactions';
}

/** The messages of a dialog that a request wants, newest first, as an answer. @param total how many there are in all */
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

/**
 * The messages that a search found, newest first; without those that were deleted since, and as many next to the offset as one answer holds.
 * @param offsetId of the request; 0 where the newest ones are wanted
 */
export async function listFound(ctx: RpcContext, msgIds: readonly number[], offsetId: number): Promise<readonly MessageRow[]> {
  const found = await ctx.domain.messages.find(ctx.userId, msgIds);
  return cutToBytes(msgIds.flatMap((id) => found.get(id) ?? []), offsetId);
}

/** Messages with everyone they name. @param count how many there are in all @param hash of what the client has; 0: nothing */
export async function answerMessages(ctx: RpcContext, rows: readonly MessageRow[], count: number, hash = 0n): Promise<tl.messages.Messages> {
  if (hash !== 0n && hash === hashOfMessages(rows)) return { _: 'messages.messagesNotModified', count };
  const content = await ctx.domain.messages.project(ctx.userId, rows);
  return rows.length === count ? { _: 'messages.messages', ...content } : { _: 'messages.messagesSlice', count, ...content };
}
