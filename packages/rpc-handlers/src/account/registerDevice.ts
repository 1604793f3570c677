import { defineMethod } from '@aerogram/rpc';

export const registerDevice = defineMethod({
  method: 'account.registerDevice',
  access: 'user',
  cost: 10,
  limits: { vectors: { other_uids: 100 }, bytes: { secret: { max: 256, error: 'TOKEN_INVALID' } } },
  repeat: 'idempotent',
  handler: async (ctx, { token_type, token, app_sandbox, secret, no_muted, other_uids }) => {
    await ctx.domain.auth.doRegisterPush(ctx.userId, ctx.caller.permAuthKeyId, {
      tokenType: token_type,
      token,
      secret,
      sandbox: app_sandbox,
      noMuted: no_muted === true,
      otherUids: other_uids,
    });
    await ctx.domain.notices.doFollowAll(ctx.userId);
    return true;
  },
});
