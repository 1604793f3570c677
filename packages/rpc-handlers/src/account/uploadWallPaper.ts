import { defineMethod } from '@aerogram/rpc';

export const uploadWallPaper = defineMethod({
  method: 'account.uploadWallPaper',
  access: 'user',
  cost: 5,
  quotas: ['unsentFiles'],
  repeat: 'idempotent',
  handler: ({ domain, userId }, { file, mime_type: mimeType, settings }) => domain.wallpapers.doUpload(userId, { file, mimeType, settings }),
});
