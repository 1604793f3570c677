import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';

export const updateUsername = defineMethod({
  method: 'account.updateUsername',
  access: 'user',
  cost: 20,
  repeat: 'idempotent',
  handler: (ctx, { username }) => ctx.domain.profile.doUpdateUsername(ctx.userId, username, originOf(ctx)),
});
