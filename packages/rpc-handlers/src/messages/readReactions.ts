import { defineMethod } from '@aerogram/rpc';

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
    await accessPart(ctx, peer, req.top_msg_id);
    // Posts of channels have no reactions yet.
    if (peer.kind === 'channel') return { _: 'messages.affectedHistory', pts: (await channels.at(peer.channelId).posts.findState(ctx.userId)).pts, pts_count: 0, offset: 0 };
    const { pts, offset } = await reactions.doRead(ctx.userId, peer.peerId, originOf(ctx));
    // Reactions have no pts of their own.
    return { _: 'messages.affectedHistory', pts, pts_count: 0, offset };
  },
});
