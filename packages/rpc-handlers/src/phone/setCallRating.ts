import { defineMethod } from '@aerogram/rpc';

import { deviceOf } from '../origin.ts';
import { refOf } from './call-of.ts';

/** What somebody thought of a call, which is counted. The comment is not kept. */
export const setCallRating = defineMethod({
  method: 'phone.setCallRating',
  access: 'user',
  cost: 2,
  repeat: 'idempotent',
  async handler(ctx, { peer, rating }) {
    await ctx.domain.calls.doRate(deviceOf(ctx), refOf(peer), rating);
    return ctx.domain.updates.projectAnswer(ctx.userId, []);
  },
});
