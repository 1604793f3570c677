import { open } from 'node:fs/promises';

import { BLOCK_BYTES, fileIdentity, hashBlocks } from './block-hashes.ts';

/** The number of blocks in one read. */
const STEP_BLOCKS = 32;

/** Computes the identity that a file on the disk has when somebody uploads it. @returns 32 bytes */
export async function identifyFile(file: string): Promise<Uint8Array> {
  await using handle = await open(file, 'r');
  const step = Buffer.alloc(STEP_BLOCKS * BLOCK_BYTES);
  const hashes: Uint8Array[] = [];
  for (let size = 0; ; ) {
    let length = 0;
    // A read may give less than it was asked for before the end of the file.
    for (let read = -1; read !== 0 && length < step.length; length += read) read = (await handle.read(step, length, step.length - length)).bytesRead;
    size += length;
    hashes.push(hashBlocks(step.subarray(0, length)));
    if (length < step.length) return fileIdentity(size, Buffer.concat(hashes));
  }
}
