import { defineMethod } from '@aerogram/rpc';

/** Also answers a guest: a log-out whose answer was lost may be repeated. */
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
