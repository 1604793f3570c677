import { createCtr } from '@aerogram/crypto';
import { hkdfSync } from 'node:crypto';
import { macOf } from './node-keys.ts';
import { FILE_ID_BYTES } from './tokens.ts';

/** What upload.fileCdnRedirect tells a client about the encryption of a file. */
export interface CdnFileKey {
  /** 32 bytes. */
  key: Uint8Array;
  /** 16 bytes; the last four are the counter, here 0. */
  iv: Uint8Array;
}

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const IV_BYTES = 16;
const BLOCK_BYTES = 16;

/** A file in one epoch. */
export interface FileInEpoch {
  /** The identity of its content: the same key never encrypts other bytes. */
  identity: Uint8Array;
  /** Number of the period for which the key is used. */
  epoch: number;
}

function epochBytes(epoch: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(epoch);
  return bytes;
}

/**
 * Derives the key with which a file is encrypted for the CDN in one epoch. It has nothing to do with the key of the stored blob.
 * @param secret of the origin; no node has it
 */
export function deriveFileKey(secret: Uint8Array, { identity, epoch }: FileInEpoch): CdnFileKey {
  const info = Buffer.concat([Buffer.from('aerogram cdn file\0'), epochBytes(epoch)]);
  const bytes = new Uint8Array(hkdfSync('sha256', secret, identity, info, KEY_BYTES + NONCE_BYTES));
  const iv = new Uint8Array(IV_BYTES);
  iv.set(bytes.subarray(KEY_BYTES));
  return { key: bytes.slice(0, KEY_BYTES), iv };
}

/**
 * Derives the name under which one node knows a file in one epoch.
 * @param secret of the origin
 * @param node id of the node: each has another name for the file, so that tokens of one say nothing at another
 */
export function deriveFileId(secret: Uint8Array, { identity, epoch }: FileInEpoch, node: string): Uint8Array {
  return Uint8Array.from(macOf(secret, 'file id', identity, epochBytes(epoch), Buffer.from(node)).subarray(0, FILE_ID_BYTES));
}

/**
 * The iv for a part of a file: its last four bytes are the number of cipher blocks before it, big endian.
 * @param offset in bytes, a multiple of 16
 * @see https://core.telegram.org/cdn#decrypting-files
 */
export function ivAt(iv: Uint8Array, offset: number): Uint8Array {
  if (offset % BLOCK_BYTES !== 0) throw new RangeError(`a part begins at a multiple of ${BLOCK_BYTES} bytes, not at ${offset}`);
  const moved = Uint8Array.from(iv);
  new DataView(moved.buffer).setUint32(NONCE_BYTES, offset / BLOCK_BYTES);
  return moved;
}

/** Encrypts or decrypts a part of a file into a new array. @param offset of the part in bytes, a multiple of 16 */
export function cryptPart({ key, iv }: CdnFileKey, offset: number, bytes: Uint8Array): Uint8Array {
  return createCtr(key, ivAt(iv, offset)).process(bytes);
}
