import { defineMethod } from '@aerogram/rpc';

import { deviceOf } from '../origin.ts';
import { PRIVATE_QUOTAS } from '../quotas.ts';
import { answerCall, limitsOfOffer } from './call-of.ts';

/** Calls somebody; all their devices ring. */
export const requestCall = defineMethod({
  method: 'phone.requestCall',
  access: 'user',
  cost: 10,
  limits: limitsOfOffer('g_a_hash'),
  quotas: [...PRIVATE_QUOTAS, 'callRequests'],
  repeat: 'random_id',
  presence: 'acting',
  elsewhere: { user_id: 'USER_PRIVACY_RESTRICTED' },
  async handler(ctx, { user_id, random_id: randomId, g_a_hash: gAHash, protocol, video }) {
    const row = await ctx.domain.peers.accessInputUser(ctx.userId, user_id);
    const peer = { kind: 'user', userId: row.user_id, peerId: row.user_id, isSelf: row.user_id === ctx.userId, row } as const;
    return answerCall(ctx, await ctx.domain.calls.doRequest(deviceOf(ctx), peer, { randomId, gAHash, video: video === true, protocol }));
  },
});
