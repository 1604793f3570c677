import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';

export const updateProfile = defineMethod({
  method: 'account.updateProfile',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  handler: (ctx, { first_name, last_name, about }) =>
    ctx.domain.profile.doUpdateNames(ctx.userId, { first_name, last_name, about }, originOf(ctx)),
});
