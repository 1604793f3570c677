import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/** The part of a request that says which of the messages are wanted. */
type Window = Pick<tl.messages.search, 'offset_id' | 'add_offset' | 'limit' | 'max_id' | 'min_id'>;

/**
 * The messages of a dialog that bear a mark, newest first, as an answer.
 * @param total how many there are in all
 */
export async function listMarked(
  ctx: RpcContext,
  peerId: bigint,
  req: Window,
  only: 'pinned_messages' | 'unread_reactions',
  total: () => Promise<number>,
): Promise<tl.messages.Messages> {
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
    only,
  });
  const count = Math.max(await total(), rows.length);
  const content = await messages.project(ctx.userId, rows);
  return rows.length === count ? { _: 'messages.messages', ...content } : { _: 'messages.messagesSlice', count, ...content };
}
