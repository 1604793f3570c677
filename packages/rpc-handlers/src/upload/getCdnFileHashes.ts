import { defineMethod } from '@aerogram/rpc';

import { cdnCallerOf, TOKEN_MAX } from './cdn-caller.ts';
import { checkHashOffset } from './part-limits.ts';

export const getCdnFileHashes = defineMethod({
  method: 'upload.getCdnFileHashes',
  access: ['user', 'bot'],
  cost: 1,
  limits: { bytes: { file_token: { max: TOKEN_MAX, error: 'FILE_TOKEN_INVALID' } } },
  repeat: 'read',
  handler: (ctx, { file_token: fileToken, offset }) => ctx.domain.cdn.listHashes(cdnCallerOf(ctx), fileToken, checkHashOffset(offset)),
});
