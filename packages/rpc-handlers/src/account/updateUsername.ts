import { defineMethod } from '@aerogram/rpc';

export const updateUsername = defineMethod({
  method: 'account.updateUsername',
  access: 'user',
  cost: 20,
  repeat: 'idempotent',
  handler: (ctx, { username }) => ctx.domain.users.doUpdateUsername(ctx.userId, username),
});
