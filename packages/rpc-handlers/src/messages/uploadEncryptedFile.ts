import { defineMethod } from '@aerogram/rpc';

import { deviceOf } from '../origin.ts';

export const uploadEncryptedFile = defineMethod({
  method: 'messages.uploadEncryptedFile',
  access: 'user',
  cost: 1,
  quotas: ['unsentFiles'],
  repeat: 'idempotent',
  handler: (ctx, { peer, file }) => ctx.domain.secretChats.doUploadFile(deviceOf(ctx), peer, file),
});
