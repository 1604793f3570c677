import { createHash, randomBytes } from 'node:crypto';
import { type CdnFileKey, cryptPart, deriveFileId, deriveFileKey, readRequestToken, WINDOW_BYTES, windowLength, writeFileToken } from '@aerogram/cdn-protocol';
import type { tl } from '@aerogram/tl';
import type { CdnNode } from './cdn-node.ts';
import { type CdnOrigin, HASH_BLOCK_BYTES } from './cdn-reader.ts';

/** The number under which a played origin names its node. */
export const PLAYED_DC = 203;

const nowS = (): number => Math.floor(Date.now() / 1000);

/** A file of an origin that the test plays, for one node. It alone knows the key. */
export class PlayedCdnFile implements CdnOrigin {
  readonly plain: Uint8Array;
  readonly id: Uint8Array;
  readonly key: CdnFileKey;
  readonly #node: CdnNode;

  /** @param content the bytes, or how many random ones */
  constructor(node: CdnNode, content: Uint8Array | number) {
    this.#node = node;
    this.plain = typeof content === 'number' ? randomBytes(content) : content;
    const secret = randomBytes(32);
    const inEpoch = { identity: createHash('sha256').update(this.plain).digest(), epoch: 1 };
    this.id = deriveFileId(secret, inEpoch, node.info.id);
    this.key = deriveFileKey(secret, inEpoch);
  }

  /** Makes a token. */
  token(lifeS = 600): Uint8Array {
    return writeFileToken(this.#node.keys.token, { fileId: this.id, size: this.plain.length, expires_date: nowS() + lifeS, sealed: randomBytes(64) });
  }

  /** One window as it is pushed. */
  window(window: number): Uint8Array {
    const from = window * WINDOW_BYTES;
    return cryptPart(this.key, from, this.plain.subarray(from, from + windowLength(this.plain.length, window)));
  }

  /** Pushes one window. @returns the status of the answer, which the node has authenticated if it is 200 */
  async push(window: number): Promise<number> {
    const { status, isSigned } = await this.#node.pushWindow(this.id, window, this.plain.length, this.window(window));
    if (status === 200 && !isSigned) throw new Error('the node did not authenticate its answer');
    return status;
  }

  /** Hashes of the blocks of one window. */
  hashes(window: number): tl.FileHash[] {
    const hashes: tl.FileHash[] = [];
    const end = window * WINDOW_BYTES + windowLength(this.plain.length, window);
    for (let offset = window * WINDOW_BYTES; offset < end; offset += HASH_BLOCK_BYTES) {
      const block = this.plain.subarray(offset, offset + HASH_BLOCK_BYTES);
      hashes.push({ _: 'fileHash', offset: BigInt(offset), limit: block.length, hash: createHash('sha256').update(block).digest() });
    }
    return hashes;
  }

  getFile(offset: number, limit: number, cdn_supported: boolean): Promise<tl.upload.File> {
    if (!cdn_supported) return Promise.resolve({ _: 'upload.file', type: { _: 'storage.fileUnknown' }, mtime: 0, bytes: this.plain.subarray(offset, offset + limit) });
    const { key: encryption_key, iv: encryption_iv } = this.key;
    return Promise.resolve({ _: 'upload.fileCdnRedirect', dc_id: PLAYED_DC, file_token: this.token(), encryption_key, encryption_iv, file_hashes: [] });
  }

  async reupload(_file_token: Uint8Array, request_token: Uint8Array): Promise<tl.FileHash[]> {
    const window = readRequestToken(this.#node.keys.token, this.id, request_token, nowS())?.window;
    if (window === undefined) throw new Error('the node wrote no request token of this file');
    const status = await this.push(window);
    if (status !== 200) throw new Error(`the node answers a window with ${status}`);
    return this.hashes(window);
  }

  getHashes(_file_token: Uint8Array, offset: number): Promise<tl.FileHash[]> {
    return Promise.resolve(this.hashes(Math.floor(offset / WINDOW_BYTES)));
  }
}
