import { defineMethod } from '@aerogram/rpc';

import { cdnCallerOf, TOKEN_MAX } from './cdn-caller.ts';

/** The server reads and sends so much for one call. */
const WINDOW_BYTES = 1_048_576;

export const reuploadCdnFile = defineMethod({
  method: 'upload.reuploadCdnFile',
  access: ['user', 'bot'],
  cost: 3,
  limits: { maxBytes: 4096, bytes: { file_token: { max: TOKEN_MAX, error: 'FILE_TOKEN_INVALID' }, request_token: { max: TOKEN_MAX, error: 'REQUEST_TOKEN_INVALID' } } },
  part: { direction: 'in', bytes: () => WINDOW_BYTES },
  repeat: 'idempotent',
  inMaintenance: true,
  handler: (ctx, { file_token: fileToken, request_token: requestToken }) => ctx.domain.cdn.doReupload(cdnCallerOf(ctx), fileToken, requestToken),
});
