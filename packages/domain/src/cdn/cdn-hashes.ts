import { createHash } from 'node:crypto';

import { BLOCK_BYTES } from '@aerogram/blob';
import { freeBytes } from '@aerogram/crypto';
import { rpcError } from '@aerogram/errors';
import { RecentMap } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { Files, FileSource } from '../files/index.ts';
import { findBlockHashes, projectHashes } from '../blobs/index.ts';
import { identifyContent } from './content-key.ts';

/** Answers that are cached; none has more than a few kilobytes. */
const CACHED_MAX = 2000;

/** Hashes of the blocks of 128 KiB of files that are given to CDN nodes. */
export class CdnHashes {
  readonly #db: Pick<Database, 'run'>;
  readonly #files: Pick<Files, 'readSource'>;
  readonly #cache = new RecentMap<string, Uint8Array>(CACHED_MAX);

  constructor(db: Pick<Database, 'run'>, files: Pick<Files, 'readSource'>) {
    this.#db = db;
    this.#files = files;
  }

  /**
   * Lists hashes of consecutive blocks.
   * @param span.first number of the first block
   * @param span.count the most hashes; fewer come at the end of the file
   * @throws RpcError FILE_ID_INVALID (the content is gone)
   */
  async list(source: FileSource, { first, count }: { first: number; count: number }): Promise<tl.fileHash[]> {
    const from = Math.min(first, Math.ceil(source.size / BLOCK_BYTES));
    const key = `${Buffer.from(identifyContent(source)).toString('hex')}:${from}:${count}`;
    const hashes = this.#cache.get(key) ?? (await this.#find(source, from, count));
    this.#cache.set(key, hashes);
    return projectHashes(hashes, source.size, from);
  }

  async #find(source: FileSource, first: number, count: number): Promise<Uint8Array> {
    if (source.kind === 'photo') return this.#compute(source, first, count);
    const hashes = await findBlockHashes(this.#db, source.blob.identity, { first, count });
    if (hashes === undefined) throw rpcError('FILE_ID_INVALID');
    return hashes;
  }

  /** The stored hashes are those of the blob, in which a size of a photo begins anywhere. Such a size has a few blocks. */
  async #compute(source: FileSource, first: number, count: number): Promise<Uint8Array> {
    const hashes: Uint8Array[] = [];
    for (let at = first * BLOCK_BYTES; at < source.size && hashes.length < count; at += BLOCK_BYTES) {
      const bytes = await this.#files.readSource(source, at, BLOCK_BYTES);
      hashes.push(createHash('sha256').update(bytes).digest());
      freeBytes(bytes);
    }
    return Buffer.concat(hashes);
  }
}
