import { defineMethod } from '@aerogram/rpc';

import { actingAs } from '../channels/channel-call.ts';
import { accessPart } from './access-part.ts';
import { currentPts } from './current-pts.ts';
import { originOf } from '../origin.ts';
import { reactionsAt } from './reactions-at.ts';

export const readReactions = defineMethod({
  method: 'messages.readReactions',
  access: 'user',
  cost: 1,
  repeat: 'idempotent',
  elsewhere: { peer: 'works', saved_peer_id: 'works' },
  presence: 'reading',
  async handler(ctx, req) {
    const { peers, reactions } = ctx.domain;
    const peer = await peers.accessInputPeerOrFormer(ctx.userId, req.peer);
    const part = await accessPart(ctx, peer, req.top_msg_id);
    // Reactions in groups and channels have no pts of their own.
    if (peer.kind !== 'user') {
      const { offset } = await reactionsAt(ctx, peer).doSee(actingAs(ctx), part);
      return { _: 'messages.affectedHistory', pts: await currentPts(ctx, peer), pts_count: 0, offset };
    }
    const { pts, offset } = await reactions.doRead(ctx.userId, peer.peerId, originOf(ctx));
    return { _: 'messages.affectedHistory', pts, pts_count: 0, offset };
  },
});
