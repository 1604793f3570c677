import { rpcError } from '@aerogram/errors';
import type { MethodLimits } from '@aerogram/rpc';

/** Maximum size of a part, in bytes (core.telegram.org/api/files). */
const PART_MAX = 524_288;
/** Room for the other fields and for a part that is a little too large, which gets an error of its own. */
const ROOM = 16 * 1024;

/** Limits of a request that brings a part of a file. */
export const PART_LIMITS: MethodLimits = { maxBytes: PART_MAX + ROOM, bytes: { bytes: { max: PART_MAX, error: 'FILE_PART_TOO_BIG' } } };

/** Parts that are shorter than a block of hashes are read again, to be hashed, when their upload is finished (packages/blob). */
const BLOCK_BYTES = 131_072;

/** What a request that brings a part of a file is charged. Parts that are read again count twice, so that the call that finishes the upload need not be charged for them. */
export const INCOMING_PART = {
  direction: 'in',
  bytes: ({ bytes }: { readonly bytes: Uint8Array }) => (bytes.length < BLOCK_BYTES ? 2 * bytes.length : bytes.length),
} as const;

const MEBIBYTE = 1_048_576;

/**
 * Checks that a requested part is aligned and within one mebibyte of the file.
 * @throws RpcError LIMIT_INVALID, OFFSET_INVALID
 * @see https://core.telegram.org/api/files#downloading-files
 */
export function checkPart(offset: bigint, limit: number, precise: boolean): void {
  const step = precise ? 1024 : 4096;
  if (limit <= 0 || limit > MEBIBYTE || limit % step !== 0) throw rpcError('LIMIT_INVALID');
  if (!precise && MEBIBYTE % limit !== 0) throw rpcError('LIMIT_INVALID');
  if (offset < 0n || offset > BigInt(Number.MAX_SAFE_INTEGER) || offset % BigInt(step) !== 0n) throw rpcError('OFFSET_INVALID');
  if ((Number(offset) % MEBIBYTE) + limit > MEBIBYTE) throw rpcError('OFFSET_INVALID');
}

/** Checks the offset of a hash. @throws RpcError OFFSET_INVALID */
export function checkHashOffset(offset: bigint): number {
  if (offset < 0n || offset > BigInt(Number.MAX_SAFE_INTEGER)) throw rpcError('OFFSET_INVALID');
  return Number(offset);
}
