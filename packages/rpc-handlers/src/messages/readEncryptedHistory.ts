import { defineMethod } from '@aerogram/rpc';

import { deviceOf } from '../origin.ts';

export const readEncryptedHistory = defineMethod({
  method: 'messages.readEncryptedHistory',
  access: 'user',
  cost: 1,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { peer, max_date: maxDate }) {
    await ctx.domain.secretChats.doRead(deviceOf(ctx), peer, maxDate);
    return true;
  },
});
