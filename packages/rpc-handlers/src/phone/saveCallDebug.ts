import { defineMethod } from '@aerogram/rpc';

import { deviceOf } from '../origin.ts';
import { refOf } from './call-of.ts';

/** Most characters of a report. */
const DEBUG_MAX = 512 * 1024;

/** Apps send what their engine noted of a call. It is not kept: it has the addresses of both. */
export const saveCallDebug = defineMethod({
  method: 'phone.saveCallDebug',
  access: 'user',
  cost: 2,
  limits: { maxBytes: DEBUG_MAX + 1024, strings: { 'debug.data': DEBUG_MAX } },
  repeat: 'read',
  async handler(ctx, { peer }) {
    await ctx.domain.calls.check(deviceOf(ctx), refOf(peer));
    return true;
  },
});
