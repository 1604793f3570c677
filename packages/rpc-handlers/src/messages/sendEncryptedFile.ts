import { defineMethod } from '@aerogram/rpc';

import { deviceOf } from '../origin.ts';
import { SECRET_QUOTAS } from '../quotas.ts';
import { SECRET_DATA_LIMITS } from './secret-data-limits.ts';

export const sendEncryptedFile = defineMethod({
  method: 'messages.sendEncryptedFile',
  access: 'user',
  cost: 1,
  limits: SECRET_DATA_LIMITS,
  quotas: [...SECRET_QUOTAS, 'unsentFiles'],
  repeat: 'random_id',
  presence: 'acting',
  async handler(ctx, { peer, random_id: randomId, data, file }) {
    const sent = await ctx.domain.secretChats.doSendFile(deviceOf(ctx), peer, { randomId, data }, file);
    return { _: 'messages.sentEncryptedFile', ...sent };
  },
});
