import { defineMethod } from '@aerogram/rpc';

export const updateProfile = defineMethod({
  method: 'account.updateProfile',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  handler: (ctx, { first_name, last_name, about }) =>
    ctx.domain.users.doUpdateProfile(ctx.userId, { first_name, last_name, about }),
});
