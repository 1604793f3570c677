import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/** The pinned messages of a dialog, newest first, as the answer to a search for them. */
export async function searchPinned(ctx: RpcContext, peerId: bigint, req: tl.messages.search): Promise<tl.messages.Messages> {
  const { messages } = ctx.domain;
  const rows = await messages.listHistory({
    ownerId: ctx.userId,
    peerId,
    offsetId: req.offset_id,
    offsetDate: 0,
    addOffset: req.add_offset,
    limit: req.limit,
    maxId: req.max_id,
    minId: req.min_id,
    only: 'pinned_messages',
  });
  const count = Math.max(await messages.countPinned(ctx.userId, peerId), rows.length);
  const content = await messages.project(ctx.userId, rows);
  return rows.length === count ? { _: 'messages.messages', ...content } : { _: 'messages.messagesSlice', count, ...content };
}
