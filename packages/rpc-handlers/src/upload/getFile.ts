import { freeBytes } from '@aerogram/crypto';
import { rpcError } from '@aerogram/errors';
import { defineMethod, type RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { deviceOf } from '../origin.ts';
import { cdnCallerOf } from './cdn-caller.ts';
import { makeOtherData } from './other-data.ts';
import { checkPart } from './part-limits.ts';

export const getFile = defineMethod({
  method: 'upload.getFile',
  access: ['user', 'bot'],
  cost: 1,
  repeat: 'read',
  elsewhere: { location: 'works' },
  part: { direction: 'out', bytes: ({ limit }) => limit, free: (file) => file._ === 'upload.file' && freeBytes(file.bytes) },
  async handler(ctx, { precise, cdn_supported: isCdnSupported, location, offset, limit }): Promise<tl.upload.File> {
    checkPart(offset, limit, precise === true);
    if (location._ === 'inputTakeoutFileLocation') return readOtherData(ctx, Number(offset), limit);
    const file = await ctx.domain.files.accessLocation(ctx.userId, location);
    const redirect = isCdnSupported === true ? await ctx.domain.cdn.doRedirect(cdnCallerOf(ctx), file.source, { offset, limit }) : undefined;
    if (redirect !== undefined) return redirect;
    return { _: 'upload.file', type: file.type, mtime: file.changed_date, bytes: await file.read(Number(offset), limit) };
  },
});

/** Reads a part of the file with the data of an export that no other method returns. @throws RpcError TAKEOUT_REQUIRED, TAKEOUT_INVALID */
async function readOtherData(ctx: RpcContext, offset: number, limit: number): Promise<tl.upload.file> {
  const { clock, domain, takeoutId } = ctx;
  if (takeoutId === undefined) throw rpcError('TAKEOUT_REQUIRED');
  const data = await domain.auth.takeouts.readOtherData(deviceOf(ctx), takeoutId, () => makeOtherData(ctx));
  return { _: 'upload.file', type: { _: 'storage.fileUnknown' }, mtime: clock.now(), bytes: data.subarray(offset, offset + limit) };
}
