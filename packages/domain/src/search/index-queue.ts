import type { TimerHandle } from '@aerogram/runtime';

import type { DomainDeps } from '../shared/index.ts';
import { indexBoxes } from './index-messages.ts';
import { listIndexStates } from './search-store.ts';

/** Milliseconds for which changes are collected before they are indexed. */
const COLLECT_MS = 300;

/** The pause after a batch that could not be indexed, in milliseconds. */
const RETRY_MS = 5000;
/** Maximum number of events per transaction. */
const SLICE = 128;
/** Maximum number of boxes per transaction. */
const BATCH = 32;
/** Maximum number of queued boxes. The recurring job finds further ones. */
const MAX_WAITING = 100_000;
/** Maximum number of slices that a search waits for. In a box that is further behind, the search finds what has been indexed. */
const CATCH_UP_SLICES = 10;
/** How long a search waits for the index, in milliseconds. After that, the search finds what has been indexed. */
const CATCH_UP_MS = 2000;

/** Indexes the boxes that this process writes, within a second. For searches it indexes boxes at once, and the searches wait. */
export class IndexQueue implements AsyncDisposable {
  readonly #deps: Pick<DomainDeps, 'db' | 'clock' | 'log'>;
  /** Boxes to index, with the time since which they wait; longest waiting first. */
  readonly #waiting = new Map<bigint, number>();
  #timer: TimerHandle | undefined;
  #indexing: Promise<void> | undefined;
  #isClosed = false;
  /** The part of {@link SLICE} and {@link BATCH} that is used. Every failure halves the part, so that a batch that takes too long is not repeated in full. */
  #share = 1;
  /** The catch-up of a box that searches wait for. */
  readonly #catchingUp = new Map<bigint, Promise<void>>();

  constructor(deps: Pick<DomainDeps, 'db' | 'clock' | 'log'>) {
    this.#deps = deps;
  }

  /** Notes that a box has changed. */
  touch(owner: bigint): void {
    if (this.#waiting.size < MAX_WAITING) this.#note(owner);
    this.#schedule(COLLECT_MS);
  }

  /** Indexes the newest messages of a box. Searches of the same box wait for the same work. */
  async catchUp(owner: bigint): Promise<void> {
    // A catch-up that is under way may have read the box before this search began; the next one cannot have.
    await this.#catchingUp.get(owner);
    let next = this.#catchingUp.get(owner);
    if (!next) {
      next = this.#indexNow([owner]).finally(() => this.#catchingUp.delete(owner));
      this.#catchingUp.set(owner, next);
    }
    await next;
  }

  /** Indexes the newest messages of these boxes, unless very many are behind. */
  async catchUpAll(owners: readonly bigint[]): Promise<void> {
    const behind = await this.#listBehind(owners);
    if (behind.length === 1) await this.catchUp(behind[0]!);
    else if (behind.length > 1) await this.#indexNow(behind.slice(0, BATCH));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.#indexing;
  }

  #schedule(ms: number): void {
    if (this.#isClosed || this.#waiting.size === 0 || this.#timer || this.#indexing) return;
    this.#timer = this.#deps.clock.setTimeout(() => {
      this.#timer = undefined;
      this.#indexing = this.#indexWaiting().then((pauseMs) => {
        this.#indexing = undefined;
        this.#schedule(pauseMs);
      });
    }, ms);
  }

  #note(owner: bigint): void {
    if (!this.#waiting.has(owner)) this.#waiting.set(owner, this.#deps.clock.monotonicMs());
  }

  /**
   * Indexes a batch of the queued boxes. Never rejects.
   * @returns the pause before the next batch, in milliseconds
   */
  async #indexWaiting(): Promise<number> {
    const { db, clock, log } = this.#deps;
    const batch: bigint[] = [];
    for (const owner of this.#waiting.keys()) {
      if (batch.push(owner) >= BATCH * this.#share) break;
    }
    for (const owner of batch) this.#waiting.delete(owner);
    const startedMs = clock.monotonicMs();
    try {
      for (const owner of await indexBoxes(db, batch, Math.ceil(SLICE * this.#share))) this.#note(owner);
      this.#share = Math.min(this.#share * 2, 1);
    } catch (error) {
      log.warn({ err: error }, 'messages could not be indexed for search');
      this.#share = Math.max(this.#share / 2, 1 / SLICE);
      for (const owner of batch) this.#note(owner);
      return RETRY_MS;
    }
    // Every box waits for the full collection time, whatever the number of boxes. That halves the number of transactions and doubles the
    // rows in each.
    const nowMs = clock.monotonicMs();
    const [longestMs = nowMs] = this.#waiting.values();
    // Under load indexing takes at most a seventh of the time, in favour of sends. Searches index what they need themselves.
    return Math.max((nowMs - startedMs) * 6, longestMs + COLLECT_MS - nowMs);
  }

  async #listBehind(owners: readonly bigint[]): Promise<bigint[]> {
    const states = await listIndexStates(this.#deps.db, owners);
    return states.filter((state) => Math.max(state.indexed_pts, 1) < state.box_pts).map((state) => state.owner_id);
  }

  /** Indexes boxes at once, for at most {@link CATCH_UP_MS}. Never rejects. */
  async #indexNow(owners: readonly bigint[]): Promise<void> {
    const { db, clock, log } = this.#deps;
    const untilMs = clock.monotonicMs() + CATCH_UP_MS;
    try {
      let behind = await this.#listBehind(owners);
      for (let slices = 0; behind.length > 0 && slices < CATCH_UP_SLICES && clock.monotonicMs() < untilMs; slices++) {
        behind = await indexBoxes(db, behind);
      }
    } catch (error) {
      log.warn({ err: error }, 'a search goes without the newest messages');
    }
  }
}
