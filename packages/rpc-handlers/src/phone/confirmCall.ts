import { defineMethod } from '@aerogram/rpc';

import { deviceOf } from '../origin.ts';
import { answerCall, limitsOfOffer, refOf } from './call-of.ts';

/** Completes the exchange of the keys, and tells both where they can find each other. */
export const confirmCall = defineMethod({
  method: 'phone.confirmCall',
  access: 'user',
  cost: 5,
  limits: limitsOfOffer('g_a'),
  repeat: 'idempotent',
  async handler(ctx, { peer, g_a: gA, key_fingerprint: fingerprint }) {
    return answerCall(ctx, await ctx.domain.calls.doConfirm(deviceOf(ctx), refOf(peer), { gA, fingerprint }));
  },
});
