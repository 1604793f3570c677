import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';

export const deleteByPhones = defineMethod({
  method: 'contacts.deleteByPhones',
  access: 'user',
  cost: 20,
  limits: { vectors: { phones: 1000 } },
  repeat: 'idempotent',
  handler: async (ctx, { phones }) => {
    await ctx.domain.contacts.doDeleteByPhones(ctx.userId, phones, originOf(ctx));
    return true;
  },
});
