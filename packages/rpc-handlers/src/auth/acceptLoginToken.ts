import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { accessUserKey } from './access-prover.ts';

export const acceptLoginToken = defineMethod({
  method: 'auth.acceptLoginToken',
  access: 'user',
  cost: 20,
  repeat: 'idempotent',
  inMaintenance: true,
  handler: async (ctx, { token }) => {
    const { auth } = ctx.domain;
    const acceptor = accessUserKey(ctx);
    const coming = await auth.doAcceptElsewhere(acceptor, token);
    if (coming) return coming;
    const { authKeyId } = await auth.doAcceptLoginToken(acceptor, token);
    const device = await auth.devices.findDevice(ctx.userId, authKeyId);
    if (!device) throw rpcError('AUTH_TOKEN_EXPIRED');
    return device;
  },
});
