import type { Clock, Logger, TimerHandle } from '@aerogram/runtime';

export interface WriteBehindOptions<K, V> {
  /** Names the data in the log when a write fails. */
  what: string;
  /** Milliseconds for which values are buffered, from the first one on. */
  delayMs: number | (() => number);
  /** Maximum number of buffered keys; beyond it, new keys are dropped. */
  max: number;
  write(batch: ReadonlyMap<K, V>): Promise<void>;
}

/**
 * A write-behind buffer: keeps the newest value of each key in memory and writes all of them together after a delay. A crash loses the
 * buffered values.
 */
export class WriteBehindBuffer<K, V> implements AsyncDisposable {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #options: WriteBehindOptions<K, V>;
  #gathered = new Map<K, V>();
  #timer: TimerHandle | undefined;
  #flushing: Promise<void> = Promise.resolve();

  constructor({ clock, log }: { clock: Clock; log: Logger }, options: WriteBehindOptions<K, V>) {
    this.#clock = clock;
    this.#log = log;
    this.#options = options;
  }

  get(key: K): V | undefined {
    return this.#gathered.get(key);
  }

  /**
   * Buffers a value.
   * @returns false if the value was dropped because the buffer is full
   */
  set(key: K, value: V): boolean {
    if (this.#gathered.size >= this.#options.max && !this.#gathered.has(key)) return false;
    this.#gathered.set(key, value);
    const { delayMs } = this.#options;
    this.#timer ??= this.#clock.setTimeout(() => void this.flush(), typeof delayMs === 'number' ? delayMs : delayMs());
    return true;
  }

  /** Writes the buffered values now. Called by the timer and by tests. */
  flush(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#flushing = this.#flushing.then(() => this.#write()).catch((error: unknown) => {
      this.#log.warn({ err: error }, `${this.#options.what} was not written`);
    });
    return this.#flushing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.flush();
  }

  async #write(): Promise<void> {
    const batch = this.#gathered;
    if (batch.size === 0) return;
    this.#gathered = new Map();
    await this.#options.write(batch);
  }
}
