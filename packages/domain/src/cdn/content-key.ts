import { createHash } from 'node:crypto';

import type { FileInEpoch } from '@aerogram/cdn-protocol';

import type { FileSource } from '../files/index.ts';

/** For how long a file is encrypted with the same key, in seconds. */
export const EPOCH_S = 86_400;

/** 32 bytes that are equal only for equal content. A size of a photo is a part of the photo's blob, and content of its own. Pure. */
export function identifyContent({ blob, start, size }: Pick<FileSource, 'blob' | 'start' | 'size'>): Uint8Array {
  if (start === 0 && size === blob.size) return blob.identity;
  const place = Buffer.alloc(16);
  place.writeBigUInt64BE(BigInt(start));
  place.writeBigUInt64BE(BigInt(size), 8);
  return createHash('sha256').update('aerogram part of a blob\0').update(blob.identity).update(place).digest();
}

/** The content in the epoch that is now. The epochs of different files begin at different times of the day, so that not all are pushed again at once. Pure. @param now Unix seconds */
export function inEpochOf(identity: Uint8Array, now: number): FileInEpoch {
  const shift = new DataView(identity.buffer, identity.byteOffset, identity.length).getUint32(0) % EPOCH_S;
  return { identity, epoch: Math.floor((now + shift) / EPOCH_S) };
}
