import { defineMethod } from '@aerogram/rpc';

import { loginDevice } from './login-device.ts';

/** This server does not support Firebase and never announces it, so no SMS is sent. */
export const requestFirebaseSms = defineMethod({
  method: 'auth.requestFirebaseSms',
  access: ['guest', 'user'],
  cost: 50,
  // These fields contain signed documents with certificates.
  limits: { strings: { safety_net_token: 16_384, play_integrity_token: 16_384, ios_push_secret: 16_384 } },
  repeat: 'idempotent',
  handler: async (ctx, { phone_number, phone_code_hash }) => {
    await ctx.domain.auth.checkCode(loginDevice(ctx), phone_number, phone_code_hash);
    return false;
  },
});
