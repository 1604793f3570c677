import { defineMethod } from '@aerogram/rpc';

import { accessMessages } from './access-messages.ts';

/** Confirms the delivery of messages with `report_delivery_until_date`; messages of this server have none. */
export const reportMessagesDelivery = defineMethod({
  method: 'messages.reportMessagesDelivery',
  access: 'user',
  cost: 1,
  limits: { vectors: { id: 100 } },
  repeat: 'idempotent',
  elsewhere: { peer: 'works' },
  inMaintenance: true,
  async handler(ctx, req) {
    await accessMessages(ctx, await ctx.domain.peers.accessInputPeerOrFormer(ctx.userId, req.peer), req.id);
    return true;
  },
});
