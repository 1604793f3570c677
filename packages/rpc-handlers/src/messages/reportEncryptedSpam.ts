import { defineMethod } from '@aerogram/rpc';

import { secretDeviceOf } from './secret-device.ts';

export const reportEncryptedSpam = defineMethod({
  method: 'messages.reportEncryptedSpam',
  access: 'user',
  cost: 20,
  repeat: 'idempotent',
  async handler(ctx, { peer }) {
    await ctx.domain.secretChats.doReport(secretDeviceOf(ctx), peer);
    return true;
  },
});
