import { defineMethod } from '@aerogram/rpc';

export const changeAuthorizationSettings = defineMethod({
  method: 'account.changeAuthorizationSettings',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  handler: async (ctx, { hash, confirmed, encrypted_requests_disabled, call_requests_disabled }) => {
    await ctx.domain.auth.devices.doChangeDevice(ctx.userId, ctx.caller.permAuthKeyId, hash, {
      confirmed: confirmed === true,
      encrypted_requests_disabled,
      call_requests_disabled,
    });
    return true;
  },
});
