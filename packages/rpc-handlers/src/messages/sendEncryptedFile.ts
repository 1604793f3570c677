import { defineMethod } from '@aerogram/rpc';

import { SECRET_QUOTAS } from '../quotas.ts';
import { SECRET_DATA_LIMITS, secretDeviceOf } from './secret-device.ts';

export const sendEncryptedFile = defineMethod({
  method: 'messages.sendEncryptedFile',
  access: 'user',
  cost: 1,
  limits: SECRET_DATA_LIMITS,
  quotas: [...SECRET_QUOTAS, 'unsentFiles'],
  repeat: 'random_id',
  presence: 'acting',
  async handler(ctx, { peer, random_id: randomId, data, file }) {
    const sent = await ctx.domain.secretChats.doSendFile(secretDeviceOf(ctx), peer, { randomId, data }, file);
    return { _: 'messages.sentEncryptedFile', ...sent };
  },
});
