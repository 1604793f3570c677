import { locatePart, readFileToken, type WindowMessage, windowLength, writeRequestToken } from '@aerogram/cdn-protocol';
import type { Clock } from '@aerogram/runtime';
import { ForgottenFiles } from './forgotten-files.ts';
import type { Lease } from './lease.ts';
import { type Draft, WindowCache } from './window-cache.ts';

/** A part that a client asks for. */
export interface PartRequest {
  token: Uint8Array;
  offset: bigint;
  limit: number;
}

/** What a node answers to it. `copy` must be called before anything else happens, as the window may be dropped. */
export type PartAnswer =
  | { outcome: 'hit'; length: number; copy(target: Uint8Array): void }
  | { outcome: 'miss'; requestToken: Uint8Array }
  | { outcome: 'token' }
  | { outcome: 'invalid'; argument: 'offset' | 'limit' };

export interface CdnFilesOptions {
  tokenKey: Uint8Array;
  clock: Clock;
  lease: Lease;
  /** Most memory for content, in bytes. */
  bytes: number;
  maxIdleMs: number;
}

/** Files that a node remembers to have forgotten; each takes about a hundred bytes. */
const MAX_FORGOTTEN_FILES = 20_000;

/** The content of a node, and who gets it. It knows no key of any file. */
export class CdnFiles {
  readonly #options: CdnFilesOptions;
  readonly #forgotten = new ForgottenFiles(MAX_FORGOTTEN_FILES);
  readonly cache: WindowCache;

  constructor(options: CdnFilesOptions) {
    this.#options = options;
    this.cache = new WindowCache(options);
  }

  /** Finds a part for a client. */
  find({ token, offset, limit }: PartRequest): PartAnswer {
    const { tokenKey, clock, lease } = this.#options;
    const now = clock.now();
    const file = readFileToken(tokenKey, token, now);
    if (!file || !lease.isValid) return { outcome: 'token' };
    const id = Buffer.from(file.fileId).toString('hex');
    if (!this.#forgotten.allows(id, file.expires_date)) return { outcome: 'token' };
    const part = locatePart(offset, limit, file.size);
    if (typeof part === 'string') return { outcome: 'invalid', argument: part };
    const { window, from, length } = part;
    if (length > 0 && !this.cache.has(id, window, from + length)) {
      return { outcome: 'miss', requestToken: writeRequestToken(tokenKey, file.fileId, window, now) };
    }
    return { outcome: 'hit', length, copy: (target) => void (length > 0 && this.cache.read(id, window, from, target)) };
  }

  /** Begins to receive a window. @returns why not, or its draft */
  receive({ file, window, size }: WindowMessage): Draft | 'forgotten' | 'full' {
    if (this.#forgotten.has(file, this.#options.clock.now())) return 'forgotten';
    return this.cache.draft(windowLength(size, window)) ?? 'full';
  }

  /** Serves a window that was received completely. @returns false when bytes are missing, or the file was forgotten meanwhile */
  keep(draft: Draft, { file, window }: WindowMessage): boolean {
    if (!this.#forgotten.has(file, this.#options.clock.now())) return draft.keep(file, window);
    draft.drop();
    return false;
  }

  /** Serves nothing of these files any more. */
  forget(files: readonly string[]): void {
    const now = this.#options.clock.now();
    for (const file of files) {
      this.#forgotten.add(file, now);
      this.cache.forget(file);
    }
  }
}
