import { type Clock, type Gauge, type TimerHandle, TurnQueue, type TurnQueueOptions } from '@aerogram/runtime';

/** Options of a {@link WaitingQueue}. */
export interface WaitingQueueOptions<T> extends TurnQueueOptions<bigint> {
  /** How long an item may wait for its turn, in milliseconds. */
  waitMs: number;
  /** How many ranks there are; one without it. Each has room of its own. */
  ranks?: number;
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

/** A {@link TurnQueue} for each rank, whose items wait for a limited time. Items of lower ranks come first. What waits holds no bytes of a file. */
export class WaitingQueue<T> {
  readonly #options: WaitingQueueOptions<T>;
  readonly #queues: readonly TurnQueue<bigint, Waiting<T>>[];

  constructor(options: WaitingQueueOptions<T>) {
    this.#options = options;
    this.#queues = Array.from({ length: options.ranks ?? 1 }, () => new TurnQueue(options));
  }

  get size(): number {
    return this.#queues.reduce((sum, queue) => sum + queue.size, 0);
  }

  /** Adds an item, or refuses it at once if there is no room for it in its rank. In a full queue, an account with many items gives up its newest one for an account with few. */
  add(account: bigint, item: T, rank = 0): void {
    const queue = this.#queues[rank]!;
    const { clock, waitMs, refuse } = this.#options;
    const timer = clock.setTimeout(() => {
      if (!queue.remove(account, waiting)) return;
      this.#showSize();
      refuse(item);
    }, waitMs);
    const waiting = { item, timer };
    const displaced = queue.makeRoom(account);
    displaced?.timer.cancel();
    if (displaced !== undefined) refuse(displaced.item);
    if (queue.add(account, waiting)) return this.#showSize();
    timer.cancel();
    refuse(item);
  }

  /** Takes the next item of the first rank that has any, as {@link TurnQueue.take}. */
  take(): T | undefined {
    const waiting = this.#queues.find((queue) => queue.size > 0)?.take();
    waiting?.timer.cancel();
    this.#showSize();
    return waiting?.item;
  }

  #showSize(): void {
    this.#options.gauge.set(this.size);
  }
}
