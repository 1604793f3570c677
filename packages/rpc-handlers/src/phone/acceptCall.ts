import { defineMethod } from '@aerogram/rpc';

import { deviceOf } from '../origin.ts';
import { answerCall, limitsOfOffer, refOf } from './call-of.ts';

/** A device answers a call; all others stop to ring. */
export const acceptCall = defineMethod({
  method: 'phone.acceptCall',
  access: 'user',
  cost: 5,
  limits: limitsOfOffer('g_b'),
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { peer, g_b: gB, protocol }) {
    return answerCall(ctx, await ctx.domain.calls.doAccept(deviceOf(ctx), refOf(peer), { gB, protocol }));
  },
});
