import { defineMethod } from '@aerogram/rpc';

import { accessPart } from './access-part.ts';
import { currentPts } from './current-pts.ts';

export const readPollVotes = defineMethod({
  method: 'messages.readPollVotes',
  access: 'user',
  cost: 1,
  repeat: 'idempotent',
  elsewhere: { peer: 'works' },
  presence: 'reading',
  async handler(ctx, req) {
    const { peers, unreadVotes } = ctx.domain;
    const peer = await peers.accessInputPeerOrFormer(ctx.userId, req.peer);
    const part = await accessPart(ctx, peer, req.top_msg_id);
    const remains = await unreadVotes.doRead(ctx.userId, peer.peerId, part);
    // Votes have no pts of their own.
    return { _: 'messages.affectedHistory', pts: await currentPts(ctx, peer), pts_count: 0, offset: remains ? 1 : 0 };
  },
});
