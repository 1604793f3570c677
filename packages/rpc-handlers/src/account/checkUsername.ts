import { defineMethod } from '@aerogram/rpc';

export const checkUsername = defineMethod({
  method: 'account.checkUsername',
  access: 'user',
  cost: 5,
  repeat: 'read',
  handler: (ctx, { username }) => ctx.domain.profile.isUsernameFree(ctx.userId, username),
});
