import { defineMethod } from '@aerogram/rpc';

import { deviceOf } from '../origin.ts';

export const reportEncryptedSpam = defineMethod({
  method: 'messages.reportEncryptedSpam',
  access: 'user',
  cost: 20,
  repeat: 'idempotent',
  async handler(ctx, { peer }) {
    await ctx.domain.secretChats.doReport(deviceOf(ctx), peer);
    return true;
  },
});
