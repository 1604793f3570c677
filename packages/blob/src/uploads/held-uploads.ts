import { stat } from 'node:fs/promises';
import path from 'node:path';
import { type Clock, RecentMap } from '@aerogram/runtime';
import { codeOf, listSorted } from '../file-io.ts';
import { PartMap } from './part-map.ts';

/** What each upload counts for in addition to its bytes, because it takes two files and a directory, however small it is. */
export const UPLOAD_OVERHEAD_BYTES = 256 * 1024;

const FRESH_MS = 2000;
/** The share of the time that may go into counting the files of one user. */
const MOST_TIME_SHARE = 0.05;

const REMEMBERED_USERS = 10_000;

/** The bytes of one upload as they are charged to the user's limit: with an overhead. */
export async function measureUpload(directory: string): Promise<number> {
  try {
    const opened = await PartMap.open(path.join(directory, 'map'));
    if (opened === 'unreadable') return UPLOAD_OVERHEAD_BYTES;
    await using map = opened;
    return await measureMap(map);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return UPLOAD_OVERHEAD_BYTES;
    throw error;
  }
}

/** The same for an upload that is open. */
export async function measureMap(map: PartMap): Promise<number> {
  return (await map.readEntries()).reduce((sum, { length }) => sum + length, UPLOAD_OVERHEAD_BYTES);
}

/** When a part of an upload was last written, in milliseconds since 1970; undefined if there is no upload. */
export async function readWrittenMs(directory: string): Promise<number | undefined> {
  return (await stat(path.join(directory, 'map')).catch(() => stat(directory).catch(() => undefined)))?.mtimeMs;
}

/** The unfinished uploads of one user. */
export interface HeldCount {
  bytes: number;
  uploads: number;
}

/** What is known of one user. */
interface Held extends HeldCount {
  /** When the files are to be counted again. */
  untilMs: number;
  /** The upload that was not written for the longest time when the files were counted; undefined if it was taken since. */
  oldest: { directory: string; writtenMs: number } | undefined;
}

/**
 * Counts the unfinished uploads of each user and their bytes. The files are counted again every two seconds, or less often if there are so
 * many that counting takes long; in between, this process adjusts the numbers by what it writes and deletes itself. So several
 * processes together may exceed a limit by what they receive in that time.
 */
export class HeldUploads {
  readonly #clock: Clock;
  readonly #users = new RecentMap<string, Held>(REMEMBERED_USERS);
  readonly #counting = new Map<string, Promise<HeldCount>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * What a user holds.
   * @param directory of the user's uploads
   */
  async of(directory: string): Promise<HeldCount> {
    const known = this.#users.get(directory);
    if (known && this.#clock.monotonicMs() < known.untilMs) return known;
    const counting = this.#counting.get(directory) ?? this.count(directory).finally(() => this.#counting.delete(directory));
    this.#counting.set(directory, counting);
    return await counting;
  }

  /** Counts the files of a user. */
  async count(directory: string): Promise<HeldCount> {
    const startedMs = this.#clock.monotonicMs();
    const held: Held = { bytes: 0, uploads: 0, untilMs: 0, oldest: undefined };
    for (const name of await listSorted(directory)) {
      const upload = path.join(directory, name);
      held.bytes += await measureUpload(upload);
      held.uploads++;
      const writtenMs = await readWrittenMs(upload);
      if (writtenMs !== undefined && writtenMs < (held.oldest?.writtenMs ?? Infinity)) held.oldest = { directory: upload, writtenMs };
    }
    const nowMs = this.#clock.monotonicMs();
    held.untilMs = nowMs + Math.max(FRESH_MS, (nowMs - startedMs) / MOST_TIME_SHARE);
    this.#users.set(directory, held);
    return held;
  }

  /** Counts one more upload, unless there are `most` already. `of` must have been called just before. */
  reserve(directory: string, most: number): boolean {
    const known = this.#users.get(directory);
    if (known && known.uploads >= most) return false;
    this.add(directory, UPLOAD_OVERHEAD_BYTES, 1);
    return true;
  }

  /** Adds what was just written, or removes what was just deleted. @param bytes with the overhead of each upload */
  add(directory: string, bytes: number, uploads = 0): void {
    const known = this.#users.get(directory);
    if (!known) return;
    known.bytes = Math.max(0, known.bytes + bytes);
    known.uploads = Math.max(0, known.uploads + uploads);
  }

  /**
   * The upload of a user that was not written for the longest time, if that was before a time. At most one is given for each count of the files.
   * @param beforeMs milliseconds since 1970
   * @returns its directory
   */
  takeIdle(directory: string, beforeMs: number): string | undefined {
    const known = this.#users.get(directory);
    if (!known?.oldest || known.oldest.writtenMs >= beforeMs) return undefined;
    const { directory: upload } = known.oldest;
    known.oldest = undefined;
    return upload;
  }
}
