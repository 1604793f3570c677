import { type Clock, type Gauge, type TimerHandle, TurnQueue, type TurnQueueLimits } from '@aerogram/runtime';

/** Options of a {@link WaitingQueue}. */
export interface WaitingQueueOptions<T> extends TurnQueueLimits {
  /** How long an item may wait for its turn, in milliseconds. */
  waitMs: number;
  clock: Clock;
  /** Shows how many items wait. */
  gauge: Gauge<never>;
  /** Answers for an item that found no room, or that has waited too long. */
  refuse(item: T): void;
}

interface Waiting<T> {
  item: T;
  timer: TimerHandle;
}

/** A {@link TurnQueue} whose items wait for a limited time. What waits holds no bytes of a file. */
export class WaitingQueue<T> {
  readonly #options: WaitingQueueOptions<T>;
  readonly #queue: TurnQueue<bigint, Waiting<T>>;

  constructor(options: WaitingQueueOptions<T>) {
    this.#options = options;
    this.#queue = new TurnQueue(options);
  }

  get size(): number {
    return this.#queue.size;
  }

  /** Adds an item, or refuses it at once if there is no room for it. */
  add(account: bigint, item: T): void {
    const { clock, waitMs, refuse } = this.#options;
    const timer = clock.setTimeout(() => {
      if (!this.#queue.remove(account, waiting)) return;
      this.#showSize();
      refuse(item);
    }, waitMs);
    const waiting = { item, timer };
    if (this.#queue.add(account, waiting)) return this.#showSize();
    timer.cancel();
    refuse(item);
  }

  /** Takes the next item, of the account that has waited longest for its turn. */
  take(): T | undefined {
    const waiting = this.#queue.take();
    waiting?.timer.cancel();
    this.#showSize();
    return waiting?.item;
  }

  #showSize(): void {
    this.#options.gauge.set(this.#queue.size);
  }
}
