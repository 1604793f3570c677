import { defineMethod } from '@aerogram/rpc';

import { deviceOf } from '../origin.ts';
import { PRIVATE_QUOTAS } from '../quotas.ts';

export const requestEncryption = defineMethod({
  method: 'messages.requestEncryption',
  access: 'user',
  cost: 10,
  quotas: [...PRIVATE_QUOTAS, 'secretRequests', 'openSecretRequests'],
  repeat: 'idempotent',
  elsewhere: { user_id: 'USER_ID_INVALID' },
  presence: 'acting',
  async handler(ctx, { user_id: user, random_id: chatId, g_a: gA }) {
    return ctx.domain.secretChats.doRequest(deviceOf(ctx), await ctx.domain.peers.accessInputUser(ctx.userId, user), chatId, gA);
  },
});
