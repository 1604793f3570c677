import { defineMethod } from '@aerogram/rpc';

import { secretDeviceOf } from './secret-device.ts';

export const acceptEncryption = defineMethod({
  method: 'messages.acceptEncryption',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  handler: (ctx, { peer, g_b: gB, key_fingerprint: fingerprint }) => ctx.domain.secretChats.doAccept(secretDeviceOf(ctx), peer, gB, fingerprint),
});
