import { defineMethod } from '@aerogram/rpc';

import { deviceOf } from '../origin.ts';
import { refOf } from './call-of.ts';

/** Most bytes of a packet between the devices of a call. */
const DATA_MAX = 64 * 1024;

/** Hands the other device of a call what only that one can read. */
export const sendSignalingData = defineMethod({
  method: 'phone.sendSignalingData',
  access: 'user',
  cost: 1,
  limits: { maxBytes: DATA_MAX + 1024, bytes: { data: DATA_MAX } },
  quotas: ['callSignals', 'callSignalBytes'],
  repeat: 'idempotent',
  inMaintenance: true,
  async handler(ctx, { peer, data }) {
    await ctx.domain.calls.pass(deviceOf(ctx), refOf(peer), data);
    return true;
  },
});
