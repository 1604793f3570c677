import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { hashOfMessages } from './hash-of-messages.ts';

export const getSavedHistory = defineMethod({
  method: 'messages.getSavedHistory',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, req): Promise<tl.messages.Messages> {
    const { messages, peers, saved } = ctx.domain;
    if (req.parent_peer !== undefined) throw rpcError('PARENT_PEER_INVALID');
    const { peerId } = await peers.accessInputPeer(ctx.userId, req.peer);
    const rows = await messages.listHistory({
      ownerId: ctx.userId,
      peerId: ctx.userId,
      savedPeerId: peerId,
      offsetId: req.offset_id,
      offsetDate: req.offset_date,
      addOffset: req.add_offset,
      limit: req.limit,
      maxId: req.max_id,
      minId: req.min_id,
    });
    const count = Math.max(await saved.countMessages(ctx.userId, peerId), rows.length);
    if (req.hash !== 0n && req.hash === hashOfMessages(rows)) return { _: 'messages.messagesNotModified', count };
    const content = await messages.project(ctx.userId, rows);
    return rows.length === count ? { _: 'messages.messages', ...content } : { _: 'messages.messagesSlice', count, ...content };
  },
});
