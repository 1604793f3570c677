import { defineMethod } from '@aerogram/rpc';

export const bindTempAuthKey = defineMethod({
  method: 'auth.bindTempAuthKey',
  access: 'any',
  pending2fa: true,
  cost: 10,
  repeat: 'idempotent',
  handler: async (ctx, req) => {
    await ctx.domain.auth.doBindTempAuthKey({
      authKeyId: ctx.caller.authKeyId,
      sessionId: ctx.caller.sessionId,
      msgId: ctx.caller.msgId,
      permAuthKeyId: req.perm_auth_key_id,
      nonce: req.nonce,
      expires_date: req.expires_at,
      encrypted: req.encrypted_message,
    });
    return true;
  },
});
