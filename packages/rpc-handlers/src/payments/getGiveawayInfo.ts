import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

/** No message can be a giveaway, because nothing is sold that one could give away. */
export const getGiveawayInfo = defineMethod({
  method: 'payments.getGiveawayInfo',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, { peer }) {
    await ctx.domain.peers.accessInputPeer(ctx.userId, peer);
    throw rpcError('MESSAGE_ID_INVALID');
  },
});
