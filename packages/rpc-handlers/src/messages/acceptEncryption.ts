import { defineMethod } from '@aerogram/rpc';

import { deviceOf } from '../origin.ts';

export const acceptEncryption = defineMethod({
  method: 'messages.acceptEncryption',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  handler: (ctx, { peer, g_b: gB, key_fingerprint: fingerprint }) => ctx.domain.secretChats.doAccept(deviceOf(ctx), peer, gB, fingerprint),
});
