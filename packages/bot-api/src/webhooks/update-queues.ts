import type { StoredUpdate } from '../updates/inbox.ts';

/** An update that was read from the inbox and is not delivered yet. */
export interface HeldUpdate {
  readonly id: number;
  readonly queue: bigint;
  /** Unix seconds. */
  readonly expires: number;
  /** The object as JSON; undefined if it is read again before it is sent, because those that wait take too much memory. */
  readonly json: string | undefined;
}

interface Queue {
  readonly waiting: HeldUpdate[];
  failures: number;
  /** Until when the queue rests after a failure, by the monotonic clock. */
  restsUntilMs: number;
}

/** How many characters of updates a bot keeps in memory while they wait. Beyond that, updates are read again before they are sent. */
const CHARS_MAX = 256 * 1024;

/** The updates of one bot that wait to be sent: one after the other within a queue, and independent of each other between queues. */
export class UpdateQueues {
  readonly #queues = new Map<bigint, Queue>();
  /** Queues whose first update can be sent, in the order in which they are served. */
  readonly #ready = new Set<bigint>();
  /** Queues that rest after a failure. */
  readonly #resting = new Set<bigint>();
  #size = 0;
  #chars = 0;

  /** Number of updates that are not delivered yet, those that are being sent among them. */
  get size(): number {
    return this.#size;
  }

  /** Whether an update can be sent now. */
  get isReady(): boolean {
    return this.#ready.size > 0;
  }

  /** Adds an update with a higher id than all before it. */
  add({ id, queue: key, expires, json }: StoredUpdate): void {
    const isKept = this.#chars + json.length <= CHARS_MAX;
    if (isKept) this.#chars += json.length;
    const held: HeldUpdate = { id, queue: key, expires, json: isKept ? json : undefined };
    this.#size++;
    const queue = this.#queues.get(key);
    if (queue === undefined) {
      this.#queues.set(key, { waiting: [held], failures: 0, restsUntilMs: 0 });
      this.#ready.add(key);
    } else queue.waiting.push(held);
  }

  /** Takes the first update of the next queue. The queue waits until {@link UpdateQueues.done}, {@link UpdateQueues.failed} or {@link UpdateQueues.putBack}. */
  take(): HeldUpdate | undefined {
    const [key] = this.#ready;
    if (key === undefined) return undefined;
    this.#ready.delete(key);
    return this.#queues.get(key)!.waiting[0];
  }

  /** Removes an update that was taken, so that the next one of its queue can be sent. */
  done({ queue: key }: HeldUpdate): void {
    const queue = this.#queues.get(key)!;
    const gone = queue.waiting.shift()!;
    this.#size--;
    this.#chars -= gone.json?.length ?? 0;
    queue.failures = 0;
    if (queue.waiting.length === 0) this.#queues.delete(key);
    else this.#ready.add(key);
  }

  /**
   * Notes that an update that was taken was not delivered.
   * @param restMs how long the queue rests, from how often it has failed
   */
  failed({ queue: key }: HeldUpdate, nowMs: number, restMs: (failures: number) => number): void {
    const queue = this.#queues.get(key)!;
    queue.restsUntilMs = nowMs + restMs(++queue.failures);
    if (queue.restsUntilMs <= nowMs) this.#ready.add(key);
    else this.#resting.add(key);
  }

  /** Puts an update that was taken back, without a failure of its queue: it was not sent. */
  putBack({ queue: key }: HeldUpdate): void {
    this.#ready.add(key);
  }

  /** Wakes the queues that have rested. @returns when the next one has, by the same clock; undefined if none rests */
  wake(nowMs: number): number | undefined {
    let next: number | undefined;
    for (const key of this.#resting) {
      const { restsUntilMs } = this.#queues.get(key)!;
      if (restsUntilMs > nowMs) {
        next = Math.min(next ?? Infinity, restsUntilMs);
        continue;
      }
      this.#resting.delete(key);
      this.#ready.add(key);
    }
    return next;
  }
}
