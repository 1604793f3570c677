import { projectMessage, projectTtl, refuseChannelsYet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { originOf, stepBox } from './origin.ts';

export const setHistoryTTL = defineMethod({
  method: 'messages.setHistoryTTL',
  access: 'user',
  cost: 2,
  repeat: 'idempotent',
  async handler(ctx, { peer: input, period }) {
    const { peers, ttl, updates } = ctx.domain;
    const peer = refuseChannelsYet(await peers.accessInputPeer(ctx.userId, input));
    const notice = await ttl.doSet(peer, { ownerId: ctx.userId, period, origin: originOf(ctx) });
    stepBox(ctx, notice.pts, 1);
    return updates.projectAnswer(ctx.userId, [
      projectTtl(peer.peerId, period),
      { _: 'updateNewMessage', message: projectMessage(notice), pts: notice.pts, pts_count: 1 },
    ]);
  },
});
