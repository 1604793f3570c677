import type { Clock } from '@aerogram/runtime';
import { DatabaseUnavailable, StorageOverloaded } from '../database/errors.ts';
import type { Database } from '../database/open-database.ts';
import type { Tx } from '../database/transaction.ts';
import { HotLanes } from './hot-lanes.ts';

/** In a batch's results: this item failed by itself, the others stand. */
export interface ItemFailure {
  readonly error: Error;
}

export interface GroupCommitterOptions<I, R> {
  /** For the metrics. */
  name: string;
  db: Database;
  clock: Clock;
  /**
   * Does the items in one transaction, in their order.
   * @returns for each item its result, or `{ error }`, which rejects only that item and keeps the others;
   *   an item that has already written must throw instead: then the batch is rolled back and each item runs alone
   */
  run: (tx: Tx, items: readonly I[]) => Promise<readonly (R | ItemFailure)[]>;
  /** Rows that the item writes into boxes; 1 by default. */
  weightOf?: (item: I) => number;
  /** Items of one lane (their receiver, say) are committed in the order of `submit`, never two batches at a time. */
  laneOf: (item: I) => bigint;
  /**
   * Every owner whose counter the item locks. Batches that run side by side then have no owner in common, so none waits
   * for another. Without it batches run one after the other.
   */
  ownersOf?: (item: I) => readonly bigint[];
  maxItems?: number;
  maxWeight?: number;
  /** Transactions at a time where `ownersOf` is given, without those of heavy items and hot lanes. */
  concurrency?: number;
  /**
   * So long after a batch has ended none begins that is not full, in milliseconds; none by default. Nor does one beside a
   * running one while that keeps to its time (`patienceMs`). For a process that is not the only one to commit: of two, each has half of the items and would begin as many
   * transactions as one that has them all, and most of what a small transaction costs is the transaction itself.
   */
  restMs?: number;
  /** How long few wait for a running transaction before they get one beside it, in milliseconds. */
  patienceMs?: number;
  /** Items that may wait. */
  maxQueued?: number;
}

/** Collects what comes at the same time into one transaction. */
export interface GroupCommitter<I, R> extends AsyncDisposable {
  /**
   * Waits until the item is committed.
   * @throws what the item threw; DatabaseUnavailable; StorageOverloaded when too many wait or after `drain`
   */
  submit(item: I): Promise<R>;
  /** Items that wait or run. */
  readonly pending: number;
  /** Takes nothing more and waits for what was taken. */
  drain(): Promise<void>;
}

/** A submitted item until it is settled. */
interface Entry<I, R> {
  item: I;
  weight: number;
  owners: readonly bigint[];
  resolve: (result: R) => void;
  reject: (error: unknown) => void;
}

/** The items of one lane that wait, in the order of `submit`. */
interface Lane<I, R> {
  key: bigint;
  entries: Entry<I, R>[];
}

/** Batches of many lanes, of one heavy item, of one hot lane; each sort has its own limit. */
type BatchKind = 'shared' | 'heavy' | 'hot';

/**
 * Half the cost of a batch of 16 is the transaction's own; from 64 on there is little left to save. But a batch that has
 * everyone's box keeps the next one waiting, so under load it is the batch's size that decides how many get through.
 */
const MAX_ITEMS = 128;
const MAX_WEIGHT = 256;
/** An item heavier than this is committed alone: it would keep all others in its batch waiting. */
const HEAVY_WEIGHT = 64;
const MAX_QUEUED = 8192;
/** Two share the processor well: one writes while the other waits for the disk. */
const CONCURRENCY = 2;
/**
 * A full batch always deserves a transaction beside a running one (from 16 items on, two halves took turns at a sixth more of
 * the processor), and so many times those that are under way: most of what a small one costs is the transaction itself.
 */
const BESIDE_RATIO = 2;
/** Beside one that takes longer than this, because the disk or a lock keeps it waiting, any number. */
const PATIENCE_MS = 20;
const HEAVY_CONCURRENCY = 2;
const HOT_CONCURRENCY = 2;

const isFailure = (result: unknown): result is ItemFailure =>
  typeof result === 'object' && result !== null && 'error' in result && result.error instanceof Error;

/**
 * Makes a group committer: at most `maxItems` items and `maxWeight` of weight a transaction. Nothing waits while no
 * transaction runs; what comes in meanwhile becomes the next one, beside the running one when it is worth a transaction.
 */
export function createGroupCommitter<I, R>(options: GroupCommitterOptions<I, R>): GroupCommitter<I, R> {
  return new Committer(options);
}

class Committer<I, R> implements GroupCommitter<I, R> {
  readonly #options: GroupCommitterOptions<I, R>;
  readonly #limits: Record<BatchKind, number>;
  readonly #maxItems: number;
  readonly #maxWeight: number;
  readonly #running: Record<BatchKind, number> = { shared: 0, heavy: 0, hot: 0 };
  /** Every lane with items that wait or run. */
  #lanes = new Map<bigint, Lane<I, R>>();
  /** Lanes with waiting items and no running batch, longest waiting first. */
  #ready: Record<BatchKind, Set<Lane<I, R>>> = { shared: new Set(), heavy: new Set(), hot: new Set() };
  /** Owners that running batches lock, with how many of their items do. */
  #busy = new Map<bigint, number>();
  readonly #hotLanes = new HotLanes();
  readonly #idleWaiters: (() => void)[] = [];
  #pending = 0;
  #runningItems = 0;
  #isDraining = false;
  #isScheduled = false;
  #lastStartMs = 0;
  #lastEndMs = -Infinity;
  /** Runs while some wait that are too few for a transaction now. */
  #patience: NodeJS.Timeout | undefined;

  constructor(options: GroupCommitterOptions<I, R>) {
    this.#options = options;
    this.#maxItems = options.maxItems ?? MAX_ITEMS;
    this.#maxWeight = options.maxWeight ?? MAX_WEIGHT;
    const shared = options.ownersOf ? (options.concurrency ?? CONCURRENCY) : 1;
    this.#limits = { shared, heavy: HEAVY_CONCURRENCY, hot: HOT_CONCURRENCY };
  }

  get pending(): number {
    return this.#pending;
  }

  submit(item: I): Promise<R> {
    const { name, laneOf, weightOf, ownersOf, maxQueued = MAX_QUEUED } = this.#options;
    if (this.#isDraining) return Promise.reject(new StorageOverloaded('the server is stopping'));
    if (this.#pending >= maxQueued) return Promise.reject(new StorageOverloaded(`${name}: too many wait`));
    return new Promise<R>((resolve, reject) => {
      const entry = { item, weight: weightOf?.(item) ?? 1, owners: ownersOf?.(item) ?? [], resolve, reject };
      const key = laneOf(item);
      const lane = this.#lanes.get(key);
      this.#pending += 1;
      if (lane) {
        lane.entries.push(entry);
        return;
      }
      const fresh = { key, entries: [entry] };
      this.#lanes.set(key, fresh);
      this.#makeReady(fresh);
      this.#schedule();
    });
  }

  async drain(): Promise<void> {
    this.#isDraining = true;
    this.#start();
    if (this.#pending > 0) await new Promise<void>((resolve) => this.#idleWaiters.push(resolve));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.drain();
  }

  /** Starts when this turn of the event loop has read all sockets, so that what came in it goes into one transaction. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#start();
    });
  }

  #kindOf(lane: Lane<I, R>): BatchKind {
    if (lane.entries[0]!.weight > HEAVY_WEIGHT) return 'heavy';
    return this.#hotLanes.isHot(lane.key, this.#options.clock.monotonicMs()) ? 'hot' : 'shared';
  }

  #makeReady(lane: Lane<I, R>): void {
    this.#ready[this.#kindOf(lane)].add(lane);
  }

  /** Launches as many batches as may run. */
  #start(): void {
    for (const kind of ['heavy', 'hot'] as const) {
      for (const lane of this.#ready[kind]) {
        if (this.#running[kind] >= this.#limits[kind]) break;
        // A heavy item touches so many owners that it would never find them all free; it waits in the database.
        if (kind === 'hot' && this.#isBusy(lane.entries[0]!)) continue;
        this.#ready[kind].delete(lane);
        const batch: Entry<I, R>[] = [];
        this.#take(lane, batch, 0);
        this.#launch(kind, batch, [lane]);
      }
    }
    while (this.#running.shared < this.#limits.shared && this.#ready.shared.size > 0 && this.#isWorthOne() && this.#startShared());
  }

  /** Small transactions beside others, or one after the other, would only make all of them slower. When it is not yet, it is asked again. */
  #isWorthOne(): boolean {
    const { restMs = 0, patienceMs = PATIENCE_MS } = this.#options;
    const isAlone = this.#running.shared === 0;
    const enough = isAlone || restMs > 0 ? this.#maxItems : Math.min(this.#maxItems, this.#runningItems * BESIDE_RATIO);
    if (this.#waitingItems >= enough) return true;
    // Not the clock of the options: like the turns of the event loop this is how work is cut, not when something happens.
    const leftMs = (isAlone ? this.#lastEndMs + restMs : this.#lastStartMs + patienceMs) - performance.now();
    if (leftMs <= 0 || this.#isDraining) return true;
    this.#patience ??= setTimeout(() => {
      this.#patience = undefined;
      this.#start();
    }, leftMs);
    return false;
  }

  /** Fills one batch from as many lanes as it takes; returns whether there was anything to fill it with. */
  #startShared(): boolean {
    const batch: Entry<I, R>[] = [];
    const lanes: Lane<I, R>[] = [];
    let weight = 0;
    for (const lane of this.#ready.shared) {
      const added = this.#take(lane, batch, weight);
      // It does not fit, or someone in it is busy: it stays in front and comes into the next batch.
      if (added === 0) continue;
      weight += added;
      this.#ready.shared.delete(lane);
      lanes.push(lane);
      if (batch.length >= this.#maxItems || weight >= this.#maxWeight) break;
    }
    if (batch.length === 0) return false;
    this.#lastStartMs = performance.now();
    this.#stopWaiting();
    this.#launch('shared', batch, lanes);
    return true;
  }

  #stopWaiting(): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
  }

  /** Moves what fits from the front of a lane into the batch; returns the weight that came in. */
  #take(lane: Lane<I, R>, batch: Entry<I, R>[], weight: number): number {
    let count = 0;
    let added = 0;
    for (const entry of lane.entries) {
      if (batch.length + count === this.#maxItems) break;
      const isHeavy = entry.weight > HEAVY_WEIGHT;
      const isAlone = batch.length + count === 0;
      if (!isAlone && (isHeavy || weight + added + entry.weight > this.#maxWeight)) break;
      if (!isHeavy && this.#isBusy(entry)) break;
      count += 1;
      added += entry.weight;
      if (isHeavy) break;
    }
    batch.push(...lane.entries.splice(0, count));
    return added;
  }

  /** Whether a running batch locks one of the entry's owners. */
  #isBusy(entry: Entry<I, R>): boolean {
    return this.#busy.size > 0 && entry.owners.some((owner) => this.#busy.has(owner));
  }

  #launch(kind: BatchKind, batch: Entry<I, R>[], lanes: Lane<I, R>[]): void {
    // Only what waits for others than ourselves makes a lane hot.
    const isUndisturbed = kind !== 'heavy' && (this.#options.ownersOf !== undefined || this.#busyBatches === 0);
    this.#running[kind] += 1;
    this.#runningItems += batch.length;
    for (const entry of batch) for (const owner of entry.owners) this.#busy.set(owner, (this.#busy.get(owner) ?? 0) + 1);
    this.#options.db.metrics.batchItems.observe({ name: this.#options.name }, batch.length);
    void this.#commit(batch, isUndisturbed ? lanes : []).then(() => {
      this.#running[kind] -= 1;
      this.#runningItems -= batch.length;
      this.#pending -= batch.length;
      if (kind === 'shared') this.#lastEndMs = performance.now();
      this.#stopWaiting();
      for (const entry of batch) for (const owner of entry.owners) this.#release(owner);
      for (const lane of lanes) {
        if (lane.entries.length > 0) this.#makeReady(lane);
        else this.#lanes.delete(lane.key);
      }
      if (this.#pending === 0) this.#becomeIdle();
      // A few may wait for what stands in other sockets.
      if (this.#waitingItems >= this.#maxItems) this.#start();
      else this.#schedule();
    });
  }

  /**
   * What is empty is made anew: the table of a Map that is added to and deleted from is replaced every few times, and the
   * old one knows the new one. Once one of them is in V8's old space, all that follow are kept, with what hangs on them,
   * until the whole heap is collected, which they make necessary every 1.5 seconds at 900 sends a second.
   */
  #becomeIdle(): void {
    this.#lanes = new Map();
    this.#ready = { shared: new Set(), heavy: new Set(), hot: new Set() };
    this.#busy = new Map();
    for (const wake of this.#idleWaiters.splice(0)) wake();
  }

  get #waitingItems(): number {
    return this.#pending - this.#runningItems;
  }

  get #busyBatches(): number {
    return this.#running.shared + this.#running.heavy + this.#running.hot;
  }

  #release(owner: bigint): void {
    const count = this.#busy.get(owner)!;
    if (count === 1) this.#busy.delete(owner);
    else this.#busy.set(owner, count - 1);
  }

  /**
   * Commits a batch, or else its items one by one. Settles every entry and never rejects.
   * @param lanes those that become hot when the locks are slow
   */
  async #commit(batch: Entry<I, R>[], lanes: Lane<I, R>[]): Promise<void> {
    const { name, db } = this.#options;
    try {
      await this.#commitTogether(batch, lanes);
    } catch (error) {
      if (batch.length === 1 || error instanceof DatabaseUnavailable || error instanceof StorageOverloaded) {
        for (const entry of batch) entry.reject(error);
        return;
      }
      db.metrics.batchFailures.inc({ name });
      for (const entry of batch) await this.#commitTogether([entry], []).catch((reason: unknown) => entry.reject(reason));
    }
  }

  async #commitTogether(batch: Entry<I, R>[], lanes: Lane<I, R>[]): Promise<void> {
    const { name, db, clock, run } = this.#options;
    const items = batch.map((entry) => entry.item);
    const results = await db.transact(name, async (tx) => {
      const answers = await run(tx, items);
      if (answers.length !== items.length) throw new Error(`${name}: ${answers.length} results for ${items.length} items`);
      this.#hotLanes.observe(lanes.map((lane) => lane.key), tx.lockWaitMs, clock.monotonicMs());
      return answers;
    });
    for (const [index, entry] of batch.entries()) {
      const result = results[index]!;
      if (isFailure(result)) entry.reject(result.error);
      else entry.resolve(result);
    }
  }
}
