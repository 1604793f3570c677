import { defineMethod } from '@aerogram/rpc';

import { deviceOf } from '../origin.ts';
import { SECRET_QUOTAS } from '../quotas.ts';
import { SECRET_DATA_LIMITS } from './secret-data-limits.ts';

export const sendEncryptedService = defineMethod({
  method: 'messages.sendEncryptedService',
  access: 'user',
  cost: 1,
  limits: SECRET_DATA_LIMITS,
  quotas: SECRET_QUOTAS,
  repeat: 'random_id',
  presence: 'acting',
  async handler(ctx, { peer, random_id: randomId, data }) {
    const { date } = await ctx.domain.secretChats.doSend(deviceOf(ctx), peer, { randomId, data, isService: true });
    return { _: 'messages.sentEncryptedMessage', date };
  },
});
