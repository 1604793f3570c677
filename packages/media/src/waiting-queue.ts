import { type Clock, type Gauge, type TimerHandle, TurnQueue, type TurnQueueOptions } from '@aerogram/runtime';

/** Options of a {@link WaitingQueue}. */
export interface WaitingQueueOptions<T> extends TurnQueueOptions<bigint> {
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

  /** Adds an item, or refuses it at once if there is no room for it. In a full queue, an account with many items gives up its newest one for an account with few. */
  add(account: bigint, item: T): void {
    const { clock, waitMs, refuse } = this.#options;
    const timer = clock.setTimeout(() => {
      if (!this.#queue.remove(account, waiting)) return;
      this.#showSize();
      refuse(item);
    }, waitMs);
    const waiting = { item, timer };
    const displaced = this.#queue.makeRoom(account);
    displaced?.timer.cancel();
    if (displaced !== undefined) refuse(displaced.item);
    if (this.#queue.add(account, waiting)) return this.#showSize();
    timer.cancel();
    refuse(item);
  }

  /** Takes the next item, as {@link TurnQueue.take}. */
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
