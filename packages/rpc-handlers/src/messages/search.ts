import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { searchPinned } from './search-pinned.ts';

/** Searches one dialog by reading it. Filters for media, calls and the like find nothing: no message has any yet. */
export const search = defineMethod({
  method: 'messages.search',
  access: 'user',
  cost: 3,
  repeat: 'read',
  empty: 'media',
  async handler(ctx, req): Promise<tl.messages.Messages> {
    const { messages, peers } = ctx.domain;
    const peer = await peers.accessInputPeer(ctx.userId, req.peer);
    const from = req.from_id && (await peers.accessInputPeer(ctx.userId, req.from_id));
    if (req.filter._ === 'inputMessagesFilterPinned' && req.q === '') return searchPinned(ctx, peer.peerId, req);
    if (req.filter._ !== 'inputMessagesFilterEmpty') {
      return { _: 'messages.messages', messages: [], topics: [], chats: [], users: [] };
    }
    const { rows, count } = await messages.listMatches({
      ownerId: ctx.userId,
      peerId: peer.peerId,
      text: req.q,
      fromId: from?.peerId,
      minDate: req.min_date,
      maxDate: req.max_date,
      offsetId: req.offset_id,
      addOffset: req.add_offset,
      limit: req.limit,
      maxId: req.max_id,
      minId: req.min_id,
    });
    const content = await messages.project(ctx.userId, rows);
    return rows.length === count
      ? { _: 'messages.messages', ...content }
      : { _: 'messages.messagesSlice', count, ...content };
  },
});
