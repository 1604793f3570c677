import type { FileHandle } from 'node:fs/promises';
import { freeBytes } from '@aerogram/crypto';
import { cryptBlob } from '../blob-cipher.ts';
import { hashBlocks } from '../block-hashes.ts';
import { readAt, writeAt } from '../file-io.ts';
import type { PartClaims } from './part-claims.ts';
import { checksumOf } from './part-map.ts';
import { type OpenUpload, hashCount } from './upload-files.ts';

const PAGE_BYTES = 4096;
const ZEROS = new Uint8Array(PAGE_BYTES);

/**
 * What became of a part: `written`; `repeated` (the same bytes were there already); `other-body` (other bytes are or may be there, so that
 * writing would use the key stream twice); `behind-end` (the upload was finished meanwhile, with fewer parts).
 */
export type WriteOutcome = 'written' | 'repeated' | 'other-body' | 'behind-end';

/** Encrypts one part and writes it to its place, its hashes and its entry to the map. */
export async function writePart(claims: PartClaims, upload: OpenUpload, part: number, bytes: Uint8Array): Promise<WriteOutcome> {
  const { map, data } = upload;
  const { length } = bytes;
  const offset = part * map.head.slotBytes;
  // Encrypted and hashed before the first wait, so that the hashes are those of what is written, whatever the caller does with the bytes later.
  const ciphertext = cryptBlob(upload.key, offset, bytes);
  const hashes = hashCount(map.head, length) > 0 ? hashBlocks(bytes) : new Uint8Array();
  const writeBegun = (): Promise<void> => map.writeEntry(part, { state: 'begun', length, checksum: 0 });
  const write = async (isAfterCrash: boolean): Promise<{ result: WriteOutcome; isWhole: boolean }> => {
    const before = await map.readEntry(part);
    if (before.state === 'whole') {
      const isSame = before.length === length && ciphertext.equals(await readAt(data, offset, length));
      return { result: isSame ? 'repeated' : 'other-body', isWhole: true };
    }
    if ((before.state === 'begun' || isAfterCrash) && !(await couldBeginWith(data, offset, ciphertext))) return { result: 'other-body', isWhole: false };
    // Finishing sets the number of parts and then looks for entries behind the end, so one of the two notices the other.
    if (map.head.total === undefined) await writeBegun();
    if (part >= ((await map.readTotal()) ?? Infinity)) {
      await map.writeEntry(part, { state: 'nothing', length: 0, checksum: 0 });
      return { result: 'behind-end', isWhole: false };
    }
    await writeAt(data, offset, ciphertext);
    await map.writeEntry(part, { state: 'whole', length, checksum: checksumOf(ciphertext, hashes) }, hashes);
    return { result: 'written', isWhole: true };
  };
  try {
    return await claims.hold(`${upload.dataFile}.${part}`, write, writeBegun);
  } finally {
    freeBytes(ciphertext);
  }
}

/** Whether what an interrupted call left at a place is part of this ciphertext: each page is equal, or was never written. */
async function couldBeginWith(data: FileHandle, offset: number, ciphertext: Buffer): Promise<boolean> {
  const found = await readAt(data, offset, ciphertext.length);
  for (let at = 0; at < found.length; at += PAGE_BYTES) {
    const page = found.subarray(at, at + PAGE_BYTES);
    if (Buffer.compare(page, ciphertext.subarray(at, at + page.length)) === 0) continue;
    if (Buffer.compare(page, ZEROS.subarray(0, page.length)) !== 0) return false;
  }
  return true;
}
