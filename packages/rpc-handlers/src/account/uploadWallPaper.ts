import { defineMethod } from '@aerogram/rpc';
import { UPLOAD_QUOTAS } from '../quotas.ts';

export const uploadWallPaper = defineMethod({
  method: 'account.uploadWallPaper',
  access: 'user',
  cost: 5,
  quotas: UPLOAD_QUOTAS,
  repeat: 'idempotent',
  handler: ({ domain, userId }, { file, mime_type: mimeType, settings }) => domain.wallpapers.doUpload(userId, { file, mimeType, settings }),
});
