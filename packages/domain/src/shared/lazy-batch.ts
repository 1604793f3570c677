import type { Clock, Logger, TimerHandle } from '@aerogram/runtime';

export interface LazyBatchOptions<K, V> {
  /** For the log, when it could not be written. */
  what: string;
  /** How long values are gathered. */
  delayMs: number;
  /** Beyond so many, new keys are left out. */
  max: number;
  write(batch: ReadonlyMap<K, V>): Promise<void>;
}

/** Gathers values in memory, the newest of each key, and writes them together a little later. A crash loses what is gathered. */
export class LazyBatch<K, V> implements AsyncDisposable {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #options: LazyBatchOptions<K, V>;
  #gathered = new Map<K, V>();
  #timer: TimerHandle | undefined;
  #flushing: Promise<void> = Promise.resolve();

  constructor({ clock, log }: { clock: Clock; log: Logger }, options: LazyBatchOptions<K, V>) {
    this.#clock = clock;
    this.#log = log;
    this.#options = options;
  }

  get(key: K): V | undefined {
    return this.#gathered.get(key);
  }

  /** @returns false when it was left out, because too much is gathered */
  set(key: K, value: V): boolean {
    if (this.#gathered.size >= this.#options.max && !this.#gathered.has(key)) return false;
    this.#gathered.set(key, value);
    this.#timer ??= this.#clock.setTimeout(() => void this.flush(), this.#options.delayMs);
    return true;
  }

  /** Writes what is gathered; the timer does it, and tests. */
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
