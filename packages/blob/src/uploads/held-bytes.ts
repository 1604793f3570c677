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

/** The bytes of one upload, as they count. */
export async function measureUpload(directory: string): Promise<number> {
  try {
    const opened = await PartMap.open(path.join(directory, 'map'));
    if (opened === 'unreadable') return UPLOAD_OVERHEAD_BYTES;
    await using map = opened;
    return (await map.readEntries()).reduce((sum, { length }) => sum + length, UPLOAD_OVERHEAD_BYTES);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return UPLOAD_OVERHEAD_BYTES;
    throw error;
  }
}

/** What is known of one user. */
interface Held {
  bytes: number;
  /** When the files are to be counted again. */
  untilMs: number;
}

/**
 * Counts the bytes of unfinished uploads of each user. The files are counted again every two seconds, or less often if there are so many
 * that counting takes long; in between, what this process adds is added. So several processes together may exceed a limit by what they
 * receive in that time.
 */
export class HeldBytes {
  readonly #clock: Clock;
  readonly #users = new RecentMap<string, Held>(REMEMBERED_USERS);
  readonly #counting = new Map<string, Promise<number>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * The bytes that a user holds.
   * @param directory of the user's uploads
   */
  async of(directory: string): Promise<number> {
    const known = this.#users.get(directory);
    if (known && this.#clock.monotonicMs() < known.untilMs) return known.bytes;
    const counting = this.#counting.get(directory) ?? this.count(directory).finally(() => this.#counting.delete(directory));
    this.#counting.set(directory, counting);
    return await counting;
  }

  /** Counts the files of a user. */
  async count(directory: string): Promise<number> {
    const startedMs = this.#clock.monotonicMs();
    let bytes = 0;
    for (const name of await listSorted(directory)) bytes += await measureUpload(path.join(directory, name));
    const nowMs = this.#clock.monotonicMs();
    this.#users.set(directory, { bytes, untilMs: nowMs + Math.max(FRESH_MS, (nowMs - startedMs) / MOST_TIME_SHARE) });
    return bytes;
  }

  /** Adds what was just written. */
  add(directory: string, bytes: number): void {
    const known = this.#users.get(directory);
    if (known) known.bytes += bytes;
  }

  /** Forgets a user whose files were deleted. */
  forget(directory: string): void {
    this.#users.delete(directory);
  }
}
