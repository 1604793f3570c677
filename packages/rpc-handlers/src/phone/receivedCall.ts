import { defineMethod } from '@aerogram/rpc';

import { deviceOf } from '../origin.ts';
import { refOf } from './call-of.ts';

/** A device rings. */
export const receivedCall = defineMethod({
  method: 'phone.receivedCall',
  access: 'user',
  cost: 2,
  repeat: 'idempotent',
  async handler(ctx, { peer }) {
    await ctx.domain.calls.doReceive(deviceOf(ctx), refOf(peer));
    return true;
  },
});
