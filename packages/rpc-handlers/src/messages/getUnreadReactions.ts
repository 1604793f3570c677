import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

export const getUnreadReactions = defineMethod({
  method: 'messages.getUnreadReactions',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, req): Promise<tl.messages.Messages> {
    const { messages, peers, reactions } = ctx.domain;
    const { peerId } = await peers.accessInputPeer(ctx.userId, req.peer);
    const rows = await messages.listHistory({
      ownerId: ctx.userId,
      peerId,
      offsetId: req.offset_id,
      offsetDate: 0,
      addOffset: req.add_offset,
      limit: req.limit,
      maxId: req.max_id,
      minId: req.min_id,
      only: 'unread_reactions',
    });
    const count = Math.max(await reactions.countUnread(ctx.userId, peerId), rows.length);
    const content = await messages.project(ctx.userId, rows);
    return rows.length === count ? { _: 'messages.messages', ...content } : { _: 'messages.messagesSlice', count, ...content };
  },
});
