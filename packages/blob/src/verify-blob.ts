import { cryptBlob } from './blob-cipher.ts';
import { BLOCK_BYTES, HASH_BYTES, hashBlocks } from './block-hashes.ts';
import { BlobMissing, type BlobStore } from './blob-store.ts';

/** What is known of a blob that is to be checked. */
export interface KnownBlob {
  name: string;
  /** In bytes. */
  size: number;
  /** The key, unwrapped. */
  key: Uint8Array;
  /** SHA-256 of each 128 KiB block of the plain bytes, 32 bytes each. */
  blockHashes: Uint8Array;
}

/** The state of a stored blob. `blocks` are the numbers of the blocks whose bytes differ, at most the first hundred. */
export type BlobState =
  | { state: 'sound' }
  | { state: 'missing' }
  | { state: 'wrong-size'; size: number }
  | { state: 'damaged'; blocks: number[] };

const MOST_BLOCKS = 100;

/** Reads a whole blob and compares the hashes of its blocks. Needs memory for one block, whatever the size. */
export async function verifyBlob(store: BlobStore, { name, size, key, blockHashes }: KnownBlob): Promise<BlobState> {
  const found = await store.stat(name);
  if (!found) return { state: 'missing' };
  if (found.size !== size) return { state: 'wrong-size', size: found.size };
  const blocks: number[] = [];
  let block = 0;
  try {
    for await (const ciphertext of inBlocks(store.readStream(name))) {
      const hash = hashBlocks(cryptBlob(key, block * BLOCK_BYTES, ciphertext));
      const wanted = blockHashes.subarray(block * HASH_BYTES, (block + 1) * HASH_BYTES);
      if (Buffer.compare(hash, wanted) !== 0 && blocks.length < MOST_BLOCKS) blocks.push(block);
      block++;
    }
  } catch (error) {
    // Deleted meanwhile.
    if (error instanceof BlobMissing) return { state: 'missing' };
    throw error;
  }
  return blocks.length === 0 ? { state: 'sound' } : { state: 'damaged', blocks };
}

/** The bytes of a stream in pieces of 128 KiB; the last one may be shorter. */
async function* inBlocks(stream: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const block = Buffer.alloc(BLOCK_BYTES);
  let filled = 0;
  for await (const piece of stream) {
    for (let at = 0; at < piece.length; ) {
      const taken = piece.subarray(at, at + BLOCK_BYTES - filled);
      block.set(taken, filled);
      filled += taken.length;
      at += taken.length;
      if (filled < BLOCK_BYTES) continue;
      yield block;
      filled = 0;
    }
  }
  if (filled > 0) yield block.subarray(0, filled);
}
