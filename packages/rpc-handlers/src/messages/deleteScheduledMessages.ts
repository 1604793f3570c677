import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';

export const deleteScheduledMessages = defineMethod({
  method: 'messages.deleteScheduledMessages',
  access: 'user',
  cost: 1,
  limits: { vectors: { id: 100 } },
  repeat: 'idempotent',
  elsewhere: { peer: 'works' },
  async handler(ctx, req) {
    const { peers, scheduled, updates } = ctx.domain;
    const { peerId } = await peers.accessInputPeerOrFormer(ctx.userId, req.peer);
    return updates.projectAnswer(ctx.userId, [await scheduled.doDelete(ctx.userId, peerId, req.id, originOf(ctx))]);
  },
});
