import { defineMethod } from '@aerogram/rpc';

/** What clients show as the time after which idle devices are ended; the longest of the choices that they know. */
const AUTHORIZATION_TTL_DAYS = 365;

export const getAuthorizations = defineMethod({
  method: 'account.getAuthorizations',
  access: 'user',
  cost: 2,
  repeat: 'read',
  handler: async (ctx) => ({
    _: 'account.authorizations',
    authorization_ttl_days: AUTHORIZATION_TTL_DAYS,
    authorizations: await ctx.domain.auth.listDevices(ctx.userId, ctx.caller.permAuthKeyId),
  }),
});
