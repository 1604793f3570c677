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
