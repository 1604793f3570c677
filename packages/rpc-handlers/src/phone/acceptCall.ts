import { defineMethod } from '@aerogram/rpc';

import { answerCall, deviceOf, PROTOCOL_LIMITS, refOf } from './call-of.ts';

/** A device answers a call; all others stop to ring. */
export const acceptCall = defineMethod({
  method: 'phone.acceptCall',
  access: 'user',
  cost: 5,
  limits: PROTOCOL_LIMITS,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { peer, g_b: gB, protocol }) {
    return answerCall(ctx, await ctx.domain.calls.doAccept(deviceOf(ctx), refOf(peer), { gB, protocol }));
  },
});
