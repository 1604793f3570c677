import type { Clock } from '@aerogram/runtime';
import { Arena, SLOT_BYTES } from './arena.ts';

/** One window of a file's ciphertext, in slots of the arena. */
interface Entry {
  readonly file: string;
  readonly window: number;
  readonly length: number;
  readonly slots: readonly Uint8Array[];
  usedMs: number;
  before: Entry | undefined;
  after: Entry | undefined;
}

/** A window that is being received. It takes memory, but is not served before `keep`. */
export interface Draft {
  /** Adds the next bytes. @returns false, and keeps nothing of them, when they are more than the window has */
  write(bytes: Uint8Array): boolean;
  /** Serves the window from now on. @returns false when bytes are missing; the memory is then given back */
  keep(file: string, window: number): boolean;
  /** Gives the memory back, unless the window was kept. */
  drop(): void;
}

export interface WindowCacheOptions {
  /** Most memory for content. */
  bytes: number;
  /** A window that nobody asked for during this time is dropped. */
  maxIdleMs: number;
  clock: Pick<Clock, 'monotonicMs'>;
}

/** Windows of files in memory. The one that was not asked for for longest makes room for a new one. */
export class WindowCache {
  readonly #arena: Arena;
  readonly #options: WindowCacheOptions;
  readonly #files = new Map<string, Map<number, Entry>>();
  /** Least and most recently used. */
  #oldest: Entry | undefined;
  #newest: Entry | undefined;
  #windows = 0;

  constructor(options: WindowCacheOptions) {
    this.#options = options;
    this.#arena = new Arena(options.bytes);
  }

  /** Number of windows that can be served. */
  get windows(): number {
    return this.#windows;
  }

  /** Memory in use, in bytes. */
  get bytes(): number {
    return (this.#arena.slots - this.#arena.left) * SLOT_BYTES;
  }

  /** Whether a window is here, with at least this many bytes. */
  has(file: string, window: number, length: number): boolean {
    return (this.#files.get(file)?.get(window)?.length ?? -1) >= length;
  }

  /**
   * Copies a part of a window, and marks it as used.
   * @returns false when the window is not here, or is shorter
   */
  read(file: string, window: number, from: number, target: Uint8Array): boolean {
    const entry = this.#files.get(file)?.get(window);
    if (!entry || from + target.length > entry.length) return false;
    for (let done = 0; done < target.length; ) {
      const at = from + done;
      const slot = entry.slots[Math.floor(at / SLOT_BYTES)]!;
      const start = at % SLOT_BYTES;
      const part = slot.subarray(start, Math.min(SLOT_BYTES, start + target.length - done));
      target.set(part, done);
      done += part.length;
    }
    this.#unlink(entry);
    entry.usedMs = this.#options.clock.monotonicMs();
    this.#link(entry);
    return true;
  }

  /**
   * Makes room for a window and begins to receive it.
   * @param length in bytes
   * @returns undefined when all memory is taken by windows that are being received
   */
  draft(length: number): Draft | undefined {
    const wanted = Math.ceil(length / SLOT_BYTES);
    while (this.#arena.left < wanted && this.#oldest) this.#remove(this.#oldest);
    if (this.#arena.left < wanted) return undefined;
    let slots = Array.from({ length: wanted }, () => this.#arena.take());
    let filled = 0;
    const drop = (): void => {
      for (const slot of slots) this.#arena.give(slot);
      slots = [];
    };
    return {
      write(bytes) {
        if (slots.length === 0 || filled + bytes.length > length) return false;
        for (let done = 0; done < bytes.length; ) {
          const start = filled % SLOT_BYTES;
          const part = bytes.subarray(done, done + SLOT_BYTES - start);
          slots[Math.floor(filled / SLOT_BYTES)]!.set(part, start);
          filled += part.length;
          done += part.length;
        }
        return true;
      },
      keep: (file, window) => {
        if (slots.length === 0 || filled !== length) {
          drop();
          return false;
        }
        this.#add({ file, window, length, slots, usedMs: this.#options.clock.monotonicMs(), before: undefined, after: undefined });
        slots = [];
        return true;
      },
      drop,
    };
  }

  /** Drops all windows of a file. @returns how many there were */
  forget(file: string): number {
    const windows = [...(this.#files.get(file)?.values() ?? [])];
    for (const entry of windows) this.#remove(entry);
    return windows.length;
  }

  /** Drops the windows that nobody asked for for too long. @returns how many there were */
  dropIdle(): number {
    const sinceMs = this.#options.clock.monotonicMs() - this.#options.maxIdleMs;
    let dropped = 0;
    for (; this.#oldest && this.#oldest.usedMs < sinceMs; dropped++) this.#remove(this.#oldest);
    return dropped;
  }

  #add(entry: Entry): void {
    let windows = this.#files.get(entry.file);
    if (!windows) this.#files.set(entry.file, (windows = new Map()));
    const before = windows.get(entry.window);
    windows.set(entry.window, entry);
    this.#windows += 1;
    this.#link(entry);
    if (before) this.#discard(before);
  }

  #remove(entry: Entry): void {
    const windows = this.#files.get(entry.file)!;
    windows.delete(entry.window);
    if (windows.size === 0) this.#files.delete(entry.file);
    this.#discard(entry);
  }

  #discard(entry: Entry): void {
    this.#unlink(entry);
    this.#windows -= 1;
    for (const slot of entry.slots) this.#arena.give(slot);
  }

  #link(entry: Entry): void {
    entry.before = this.#newest;
    entry.after = undefined;
    if (this.#newest) this.#newest.after = entry;
    else this.#oldest = entry;
    this.#newest = entry;
  }

  #unlink({ before, after }: Entry): void {
    if (before) before.after = after;
    else this.#oldest = after;
    if (after) after.before = before;
    else this.#newest = before;
  }
}
