import type { Clock, TimerHandle } from '@aerogram/runtime';

interface Entry<T> {
  /** Undefined when there is nothing to open. */
  opening: Promise<T | undefined>;
  /** Actions that use it now. */
  users: number;
  usedMs: number;
}

const MOST_OPEN = 256;
const IDLE_MS = 10_000;

/** What is kept open. */
export interface KeptOpenOptions<T> {
  clock: Clock;
  /** Opens what belongs to a path; undefined if there is nothing. */
  open(path: string): Promise<T | undefined>;
  /** Whether what is open no longer belongs to its path, so that it must be opened anew. */
  isGone?(opened: T): boolean;
}

/**
 * Keeps files open between calls, because opening and closing one costs more than reading or writing a part. What nothing has used for ten
 * to twenty seconds is closed, so that the disk space of deleted files is freed.
 */
export class KeptOpen<T extends AsyncDisposable> implements AsyncDisposable {
  readonly #options: KeptOpenOptions<T>;
  readonly #entries = new Map<string, Entry<T>>();
  #timer: TimerHandle | undefined;

  constructor(options: KeptOpenOptions<T>) {
    this.#options = options;
  }

  /**
   * Runs `action` on what belongs to a path. After an error it is opened anew.
   * @returns undefined if there is nothing, or what `action` returns
   */
  async use<R>(path: string, action: (opened: T) => Promise<R>): Promise<R | undefined> {
    const entry = this.#entries.get(path) ?? this.#open(path);
    entry.users++;
    try {
      const opened = await entry.opening;
      if (!opened || this.#options.isGone?.(opened)) {
        this.#forget(path, entry);
        return opened && (await this.use(path, action));
      }
      return await action(opened);
    } catch (error) {
      this.#forget(path, entry);
      throw error;
    } finally {
      entry.users--;
      entry.usedMs = this.#options.clock.monotonicMs();
      if (entry.users === 0 && this.#entries.get(path) !== entry) await close(entry);
    }
  }

  /** Stops keeping something open: closes it at once, or when the last action that uses it has ended. */
  async forget(path: string): Promise<void> {
    const entry = this.#entries.get(path);
    if (!entry) return;
    this.#forget(path, entry);
    if (entry.users === 0) await close(entry);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer?.cancel();
    await Promise.all([...this.#entries.keys()].map((path) => this.forget(path)));
  }

  #open(path: string): Entry<T> {
    const { clock, open } = this.#options;
    if (this.#entries.size >= MOST_OPEN) this.#closeIdle(0);
    const entry: Entry<T> = { opening: open(path), users: 0, usedMs: clock.monotonicMs() };
    this.#entries.set(path, entry);
    this.#timer ??= clock.setInterval(() => this.#closeIdle(IDLE_MS), IDLE_MS);
    return entry;
  }

  #closeIdle(idleMs: number): void {
    const before = this.#options.clock.monotonicMs() - idleMs;
    for (const [path, entry] of this.#entries) {
      if (entry.users === 0 && entry.usedMs <= before) void this.forget(path);
    }
    if (this.#entries.size > 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #forget(path: string, entry: Entry<T>): void {
    if (this.#entries.get(path) === entry) this.#entries.delete(path);
  }
}

async function close<T extends AsyncDisposable>(entry: Entry<T>): Promise<void> {
  try {
    const opened = await entry.opening;
    await opened?.[Symbol.asyncDispose]();
  } catch {
    // Whoever uses the entry gets the error of opening. What was written has been awaited, so a failure to close loses nothing.
  }
}
