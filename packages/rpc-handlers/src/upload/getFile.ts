import { freeBytes } from '@aerogram/crypto';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

const MEBIBYTE = 1_048_576;

/**
 * Checks that a requested part is aligned and within one mebibyte of the file.
 * @throws RpcError LIMIT_INVALID, OFFSET_INVALID
 * @see https://core.telegram.org/api/files#downloading-files
 */
function checkPart(offset: bigint, limit: number, precise: boolean): void {
  const step = precise ? 1024 : 4096;
  if (limit <= 0 || limit > MEBIBYTE || limit % step !== 0) throw rpcError('LIMIT_INVALID');
  if (!precise && MEBIBYTE % limit !== 0) throw rpcError('LIMIT_INVALID');
  if (offset < 0n || offset > BigInt(Number.MAX_SAFE_INTEGER) || offset % BigInt(step) !== 0n) throw rpcError('OFFSET_INVALID');
  if ((Number(offset) % MEBIBYTE) + limit > MEBIBYTE) throw rpcError('OFFSET_INVALID');
}

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
