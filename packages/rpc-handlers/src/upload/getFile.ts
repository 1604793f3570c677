import { freeBytes } from '@aerogram/crypto';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { cdnCallerOf } from './cdn-caller.ts';
import { checkPart } from './part-limits.ts';

export const getFile = defineMethod({
  method: 'upload.getFile',
  access: ['user', 'bot'],
  cost: 1,
  repeat: 'read',
  part: { direction: 'out', bytes: ({ limit }) => limit, free: (file) => file._ === 'upload.file' && freeBytes(file.bytes) },
  async handler(ctx, { precise, cdn_supported: isCdnSupported, location, offset, limit }): Promise<tl.upload.File> {
    checkPart(offset, limit, precise === true);
    const file = await ctx.domain.files.accessLocation(ctx.userId, location);
    const redirect = isCdnSupported === true ? await ctx.domain.cdn.doRedirect(cdnCallerOf(ctx), file.source, { offset, limit }) : undefined;
    if (redirect !== undefined) return redirect;
    return { _: 'upload.file', type: file.type, mtime: file.changed_date, bytes: await file.read(Number(offset), limit) };
  },
});
