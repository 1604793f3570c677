import { defineMethod } from '@aerogram/rpc';

import { deviceOf } from '../origin.ts';
import { refOf } from './call-of.ts';

/** Apps upload the log of their engine. It is not kept: its parts expire like those of any upload that nobody uses. */
export const saveCallLog = defineMethod({
  method: 'phone.saveCallLog',
  access: 'user',
  cost: 2,
  repeat: 'read',
  async handler(ctx, { peer }) {
    await ctx.domain.calls.check(deviceOf(ctx), refOf(peer));
    return true;
  },
});
