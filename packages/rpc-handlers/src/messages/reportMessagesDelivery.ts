import { refuseChannelsYet } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

/** Confirms the delivery of messages with `report_delivery_until_date`; messages of this server have none. */
export const reportMessagesDelivery = defineMethod({
  method: 'messages.reportMessagesDelivery',
  access: 'user',
  cost: 1,
  limits: { vectors: { id: 100 } },
  repeat: 'idempotent',
  async handler(ctx, req) {
    const { messages, peers } = ctx.domain;
    const { peerId } = refuseChannelsYet(await peers.accessInputPeer(ctx.userId, req.peer));
    const found = await messages.find(ctx.userId, req.id);
    if (req.id.some((id) => found.get(id)?.peer_id !== peerId)) throw rpcError('MESSAGE_ID_INVALID');
    return true;
  },
});
