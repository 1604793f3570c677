import { freeBytes } from '@aerogram/crypto';
import { defineMethod } from '@aerogram/rpc';

import { checkPart } from './part-limits.ts';

export const getFile = defineMethod({
  method: 'upload.getFile',
  access: ['user', 'bot'],
  cost: 1,
  repeat: 'read',
  part: { direction: 'out', bytes: ({ limit }) => limit, free: (file) => file._ === 'upload.file' && freeBytes(file.bytes) },
  async handler(ctx, { precise, location, offset, limit }) {
    checkPart(offset, limit, precise === true);
    const file = await ctx.domain.files.accessLocation(ctx.userId, location);
    return { _: 'upload.file', type: file.type, mtime: file.changed_date, bytes: await file.read(Number(offset), limit) };
  },
});
