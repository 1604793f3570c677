import { defineMethod } from '@aerogram/rpc';

import { actingAs } from '../channels/channel-call.ts';
import { accessPart } from './access-part.ts';
import { originOf, stepBox } from '../origin.ts';

/** Marks all mentions of the caller in a group as seen. GramJS calls it for every chat that it marks as read. */
export const readMentions = defineMethod({
  method: 'messages.readMentions',
  access: 'user',
  cost: 1,
  repeat: 'idempotent',
  elsewhere: { peer: 'works' },
  presence: 'reading',
  async handler(ctx, req) {
    const peer = await ctx.domain.peers.accessInputPeerOrFormer(ctx.userId, req.peer);
    const part = await accessPart(ctx, peer, req.top_msg_id);
    if (peer.kind === 'channel') {
      const read = await ctx.domain.channels.at(peer.channelId).posts.doReadMentions(actingAs(ctx), part);
      return { _: 'messages.affectedHistory', ...read, pts_count: 0 };
    }
    const { peerId } = peer;
    const { pts, ptsCount, offset } = await ctx.domain.messages.doReadMentions({ ownerId: ctx.userId, peerId, origin: originOf(ctx) });
    stepBox(ctx, pts, ptsCount);
    return { _: 'messages.affectedHistory', pts, pts_count: ptsCount, offset };
  },
});
