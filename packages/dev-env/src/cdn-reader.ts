import { createHash } from 'node:crypto';
import { cryptPart } from '@aerogram/cdn-protocol';
import { RawClientError } from '@aerogram/mtproto/client';
import type { tl } from '@aerogram/tl';
import type { CdnLinks } from './cdn-links.ts';
import { Disconnected } from './raw-account.ts';

/** The server of a file, as a client that reads it sees it. */
export interface CdnOrigin {
  /** upload.getFile. @param cdn_supported whether a redirect may be the answer */
  getFile(offset: number, limit: number, cdn_supported: boolean): Promise<tl.upload.File>;
  /** upload.reuploadCdnFile. */
  reupload(file_token: Uint8Array, request_token: Uint8Array): Promise<tl.FileHash[]>;
  /** upload.getCdnFileHashes. */
  getHashes(file_token: Uint8Array, offset: number): Promise<tl.FileHash[]>;
}

/** What a reader has met so far. */
export interface CdnCounts {
  /** Parts whose blocks all had the hash that the origin names. */
  fromNode: number;
  fromOrigin: number;
  redirects: number;
  reuploads: number;
  /** Parts of a node with another hash. */
  wrongHash: number;
  /** Refused file tokens. */
  refusedTokens: number;
  /** Nodes that were not there, or went away. */
  deadNodes: number;
}

/** Hashes are of blocks of this many bytes. */
export const HASH_BLOCK_BYTES = 131_072;
/** How often one part is asked for before the reader gives up. */
const MOST_TRIES = 8;
/** A node that does not answer for so long counts as dead. */
const ANSWER_TIMEOUT_MS = 15_000;

/**
 * Reads one file as https://core.telegram.org/cdn asks: by redirect, from a node, decrypted, and each block compared with the hash that
 * the origin names. Whatever fails at a node is asked of the origin, without a redirect if the node answered with other bytes or was away.
 */
export class CdnReader {
  readonly counts: CdnCounts = { fromNode: 0, fromOrigin: 0, redirects: 0, reuploads: 0, wrongHash: 0, refusedTokens: 0, deadNodes: 0 };
  readonly #origin: CdnOrigin;
  readonly #links: CdnLinks;
  /** By offset of the block. */
  readonly #hashes = new Map<number, tl.FileHash>();
  #redirect: tl.upload.fileCdnRedirect | undefined;

  constructor(origin: CdnOrigin, links: CdnLinks) {
    this.#origin = origin;
    this.#links = links;
  }

  /** The redirect in use. */
  get redirect(): tl.upload.fileCdnRedirect | undefined {
    return this.#redirect;
  }

  /** Reads a whole file. @param limit length of a part: a multiple of 128 KiB that divides a MiB */
  async readAll(size: number, limit: number): Promise<Buffer> {
    const parts: Uint8Array[] = [];
    for (let offset = 0; offset < size; offset += limit) parts.push(await this.read(offset, limit));
    return Buffer.concat(parts);
  }

  /** Reads one part. @param offset a multiple of the limit @param limit a multiple of 128 KiB that divides a MiB */
  async read(offset: number, limit: number): Promise<Uint8Array> {
    let mayRedirect = true;
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      if (!this.#redirect || !mayRedirect) {
        const answer = await this.#origin.getFile(offset, limit, mayRedirect);
        if (answer._ === 'upload.file') {
          this.counts.fromOrigin++;
          return answer.bytes;
        }
        if (!mayRedirect) throw new Error('a redirect for a client that does not support it');
        this.#follow(answer);
      }
      const part = await this.#readFromNode(offset, limit);
      if (part instanceof Uint8Array) return part;
      mayRedirect = part.mayRedirect;
    }
    throw new Error(`no answer for ${offset} after ${MOST_TRIES} tries: ${JSON.stringify(this.counts)}`);
  }

  #follow(redirect: tl.upload.fileCdnRedirect): void {
    this.counts.redirects++;
    this.#redirect = redirect;
    this.#keep(redirect.file_hashes);
  }

  #keep(hashes: readonly tl.FileHash[]): void {
    for (const hash of hashes) this.#hashes.set(Number(hash.offset), hash);
  }

  /** @returns a part that was checked, or whether the origin may redirect again */
  async #readFromNode(offset: number, limit: number): Promise<Uint8Array | { mayRedirect: boolean }> {
    const { dc_id, file_token, encryption_key: key, encryption_iv: iv } = this.#redirect!;
    try {
      const answer = await beforeTimeout(this.#links.getPart(dc_id, { _: 'upload.getCdnFile', file_token, offset: BigInt(offset), limit }));
      if (answer._ === 'upload.cdnFileReuploadNeeded') {
        this.counts.reuploads++;
        this.#keep(await this.#origin.reupload(file_token, answer.request_token));
        return { mayRedirect: true };
      }
      const plain = cryptPart({ key, iv }, offset, answer.bytes);
      if (await this.#isRight(file_token, offset, plain)) {
        this.counts.fromNode++;
        return plain;
      }
      this.counts.wrongHash++;
    } catch (error) {
      // The request token was meant for the run of a node that has ended: the part is asked for again.
      if (error instanceof RawClientError && error.message === 'REQUEST_TOKEN_INVALID') return { mayRedirect: true };
      const isRefused = error instanceof RawClientError && error.message === 'FILE_TOKEN_INVALID';
      if (!isRefused && !(error instanceof Disconnected)) throw error;
      this.#redirect = undefined;
      this.counts[isRefused ? 'refusedTokens' : 'deadNodes']++;
      return { mayRedirect: isRefused };
    }
    this.#redirect = undefined;
    return { mayRedirect: false };
  }

  async #isRight(file_token: Uint8Array, offset: number, plain: Uint8Array): Promise<boolean> {
    for (let at = 0; at < plain.length; ) {
      const hash = this.#hashes.get(offset + at) ?? (await this.#askHash(file_token, offset + at));
      const block = plain.subarray(at, at + HASH_BLOCK_BYTES);
      if (hash.limit !== block.length || !createHash('sha256').update(block).digest().equals(hash.hash)) return false;
      at += block.length;
    }
    return true;
  }

  async #askHash(file_token: Uint8Array, offset: number): Promise<tl.FileHash> {
    this.#keep(await this.#origin.getHashes(file_token, offset));
    const hash = this.#hashes.get(offset);
    if (!hash) throw new Error(`the origin names no hash for ${offset}`);
    return hash;
  }
}

async function beforeTimeout<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(new Disconnected()), ANSWER_TIMEOUT_MS)));
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
