import { defineMethod } from '@aerogram/rpc';

/** Also accepts guests, because a log-out may be repeated if its answer was lost. */
export const logOut = defineMethod({
  method: 'auth.logOut',
  access: 'any',
  pending2fa: true,
  cost: 5,
  repeat: 'idempotent',
  handler: async (ctx) => {
    await ctx.domain.auth.doLogOut(ctx.caller);
    return { _: 'auth.loggedOut' };
  },
});
