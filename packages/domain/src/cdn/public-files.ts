import { MAX_TOKEN_S, TOKEN_S } from '@aerogram/cdn-protocol';
import { type Clock, RecentMap } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

import { addCdnFile, type FileAtNode, findCdnFile, findPublicFile, type PostedFile } from './cdn-file-store.ts';

/** Files that are cached, at most. */
const CACHED_MAX = 20_000;
/** For how long a file is cached, in milliseconds: as long as the right to read a file. */
const CACHED_MS = 2000;

interface Cached<T> {
  atMs: number;
  value: Promise<T>;
}

/** Knows which files may be given to everybody, and notes for which of them clients get tokens. What it says may be two seconds old. */
export class PublicFiles {
  readonly #db: Pick<Database, 'run' | 'transact'>;
  readonly #clock: Pick<Clock, 'now' | 'monotonicMs'>;
  readonly #subscribers = new RecentMap<string, Cached<number | undefined>>(CACHED_MAX);
  readonly #noted = new RecentMap<string, Cached<boolean>>(CACHED_MAX);

  constructor(db: Pick<Database, 'run' | 'transact'>, clock: Pick<Clock, 'now' | 'monotonicMs'>) {
    this.#db = db;
    this.#clock = clock;
  }

  /** The number of subscribers of the channel with a file that may be given to everybody; undefined if it may not. */
  findSubscribers(file: PostedFile): Promise<number | undefined> {
    return this.#cached(this.#subscribers, placeOf(file), () => findPublicFile(this.#db, file));
  }

  /**
   * Notes that clients are about to get tokens for a file. It must be called for each token; it seldom writes.
   * @returns whether they may: false while the node has to forget the file
   */
  note(at: FileAtNode, file: PostedFile): Promise<boolean> {
    const key = `${at.dc}:${Buffer.from(at.fileId).toString('hex')}:${placeOf(file)}`;
    return this.#cached(this.#noted, key, async () => {
      const now = this.#clock.now();
      const until = await findCdnFile(this.#db, at, file, now);
      // A token that is given out as long as this is cached must not be valid for longer than the row says.
      if (until !== undefined && until >= now + TOKEN_S + 2 * (CACHED_MS / 1000)) return true;
      return addCdnFile(this.#db, at, file, { now, until: now + MAX_TOKEN_S });
    });
  }

  #cached<T>(cache: RecentMap<string, Cached<T>>, key: string, load: () => Promise<T>): Promise<T> {
    const nowMs = this.#clock.monotonicMs();
    const known = cache.get(key);
    if (known !== undefined && nowMs - known.atMs < CACHED_MS) return known.value;
    const cached = { atMs: nowMs, value: load() };
    cache.set(key, cached);
    cached.value.catch(() => {
      if (cache.get(key) === cached) cache.delete(key);
    });
    return cached.value;
  }
}

function placeOf({ channelId, msgId, documentId }: PostedFile): string {
  return `${channelId}:${msgId}:${documentId}`;
}
