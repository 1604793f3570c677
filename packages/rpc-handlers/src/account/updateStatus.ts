import { defineMethod } from '@aerogram/rpc';

export const updateStatus = defineMethod({
  method: 'account.updateStatus',
  access: 'user',
  cost: 1,
  repeat: 'idempotent',
  inMaintenance: true,
  handler: (ctx, { offline }) => {
    ctx.domain.users.doUpdateStatus(ctx.userId, !offline);
    return Promise.resolve(true);
  },
});
