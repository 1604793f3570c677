import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';
import { UPLOAD_QUOTAS } from '../quotas.ts';

export const uploadRingtone = defineMethod({
  method: 'account.uploadRingtone',
  access: 'user',
  cost: 5,
  quotas: UPLOAD_QUOTAS,
  repeat: 'idempotent',
  handler: (ctx, { file, file_name: fileName, mime_type: mimeType }) => ctx.domain.files.kept.doUploadRingtone(ctx.userId, { file, fileName, mimeType }, originOf(ctx)),
});
