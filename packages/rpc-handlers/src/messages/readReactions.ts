import { defineMethod } from '@aerogram/rpc';

import { actingAs } from '../channels/channel-call.ts';
import { accessPart } from './access-part.ts';
import { originOf } from './origin.ts';

export const readReactions = defineMethod({
  method: 'messages.readReactions',
  access: 'user',
  cost: 1,
  repeat: 'idempotent',
  presence: 'reading',
  async handler(ctx, req) {
    const { channels, peers, reactions } = ctx.domain;
    const peer = await peers.accessInputPeerOrFormer(ctx.userId, req.peer);
    const part = await accessPart(ctx, peer, req.top_msg_id);
    if (peer.kind === 'channel') return { _: 'messages.affectedHistory', ...(await channels.at(peer.channelId).reactions.doSee(actingAs(ctx), part)), pts_count: 0 };
    const { pts, offset } = await reactions.doRead(ctx.userId, peer.peerId, originOf(ctx));
    // Reactions have no pts of their own.
    return { _: 'messages.affectedHistory', pts, pts_count: 0, offset };
  },
});
