import type { Clock } from '@aerogram/runtime';
import { DatabaseUnavailable, StorageOverloaded } from '../database/errors.ts';
import type { Database } from '../database/open-database.ts';
import type { Tx } from '../database/transaction.ts';
import { HotLanes } from './hot-lanes.ts';

/** The result of an item that failed alone; the other items of the batch are committed. */
export interface ItemFailure {
  readonly error: Error;
}

export interface GroupCommitterOptions<I, R> {
  /** For metrics. */
  name: string;
  db: Database;
  clock: Clock;
  /**
   * Runs the items in one transaction, in order.
   * @returns for each item its result or `{ error }`, which rejects only that item. An item that has already written must throw instead:
   * then the batch is rolled back and each item runs alone
   */
  run: (tx: Tx, items: readonly I[]) => Promise<readonly (R | ItemFailure)[]>;
  /** Number of rows that the item writes into message boxes; 1 by default. */
  weightOf?: (item: I) => number;
  /** Items of one lane (for example of one receiver) are committed in the order of `submit`, in one batch at a time. */
  laneOf: (item: I) => bigint;
  /**
   * All owners whose counters the item locks. Concurrent batches then have no owner in common, so none waits for another. Without it,
   * batches run one after the other.
   */
  ownersOf?: (item: I) => readonly bigint[];
  /** Names what an item does, if items do different things; see `Database.transact`. */
  operationOf?: (item: I) => string;
  maxItems?: number;
  maxWeight?: number;
  /** Maximum number of concurrent transactions if `ownersOf` is given, not counting those of heavy items and hot lanes. */
  concurrency?: number;
  /**
   * Minimum pause between the end of a batch and the next batch that is not full, in milliseconds; 0 by default. A batch that is not full
   * also does not start beside a running one within `patienceMs`. For a process that is not the only one to commit: each of two processes
   * has half of the items and would start as many transactions as a single one, and most of the cost of a small transaction is the
   * transaction itself.
   */
  restMs?: number;
  /** How long a small batch waits for a running transaction before it is started beside it, in milliseconds. */
  patienceMs?: number;
  /** Number of items that may wait. */
  maxQueued?: number;
}

/** Collects items that are submitted at about the same time into one transaction. */
export interface GroupCommitter<I, R> extends AsyncDisposable {
  /**
   * Waits until the item is committed.
   * @throws what the item threw; DatabaseUnavailable; StorageOverloaded when too many items wait or after `drain`
   */
  submit(item: I): Promise<R>;
  /** Number of items that wait or run. */
  readonly pending: number;
  /** Accepts no more items and waits for the accepted ones. */
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

/** The waiting items of one lane, in the order of `submit`. */
interface Lane<I, R> {
  key: bigint;
  entries: Entry<I, R>[];
}

/** Batches of many lanes, of one heavy item, or of one hot lane; each kind has its own concurrency limit. */
type BatchKind = 'shared' | 'heavy' | 'hot';

/**
 * In a batch of 16, half of the cost is that of the transaction itself; above 64 little is left to save. But a batch locks the boxes of all
 * its owners and makes the next batch wait, so under load the batch size decides the throughput.
 */
const MAX_ITEMS = 128;

const MAX_WEIGHT = 256;
/** An item heavier than this is committed alone, because all others in its batch would wait for it. */
const HEAVY_WEIGHT = 64;

const MAX_QUEUED = 8192;
/** Two use the CPU well: one writes while the other waits for the disk. */
const CONCURRENCY = 2;
/**
 * A full batch is always started beside a running one. A batch that is not full is started if it has this many times the items under way,
 * because most of the cost of a small transaction is the transaction itself: splitting 16 or more items
 * into two concurrent batches took a sixth more CPU time.
 */
const BESIDE_RATIO = 2;
/**
 * If the running batch takes longer than this, in milliseconds, because it waits for the disk or a lock, a batch of any size is started
 * beside it.
 */
const PATIENCE_MS = 20;

const HEAVY_CONCURRENCY = 2;
const HOT_CONCURRENCY = 2;

const isFailure = (result: unknown): result is ItemFailure =>
  typeof result === 'object' && result !== null && 'error' in result && result.error instanceof Error;

/**
 * Creates a group committer, which puts at most `maxItems` items with a total weight of `maxWeight` into a transaction. While no
 * transaction runs, items do not wait. Items submitted during a transaction form the next one, which is started beside it if it is large
 * enough.
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
  /** All lanes with waiting or running items. */
  #lanes = new Map<bigint, Lane<I, R>>();
  /** Lanes with waiting items and no running batch, longest waiting first. */
  #ready: Record<BatchKind, Set<Lane<I, R>>> = { shared: new Set(), heavy: new Set(), hot: new Set() };
  /** Owners that running batches lock, with the number of items that lock each. */
  #busy = new Map<bigint, number>();
  readonly #hotLanes = new HotLanes();
  readonly #idleWaiters: (() => void)[] = [];
  #pending = 0;
  #runningItems = 0;
  #isDraining = false;
  #isScheduled = false;
  #lastStartMs = 0;
  #lastEndMs = -Infinity;
  /** Set while the waiting items are too few for a transaction. */
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

  /** Starts after this turn of the event loop has read all sockets, so that everything received in it goes into one transaction. */
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

  /** Starts as many batches as may run. */
  #start(): void {
    for (const kind of ['heavy', 'hot'] as const) {
      for (const lane of this.#ready[kind]) {
        if (this.#running[kind] >= this.#limits[kind]) break;
        // A heavy item has so many owners that they would never all be free at once; it waits for them in the database.
        if (kind === 'hot' && this.#isBusy(lane.entries[0]!)) continue;
        this.#ready[kind].delete(lane);
        const batch: Entry<I, R>[] = [];
        this.#take(lane, batch, 0);
        this.#launch(kind, batch, [lane]);
      }
    }
    while (this.#running.shared < this.#limits.shared && this.#ready.shared.size > 0 && this.#isWorthOne() && this.#startShared());
  }

  /**
   * Whether to start a batch now. Many small transactions, at the same time or in a row, would slow all of them down. If it is too early, a
   * timer checks again.
   */
  #isWorthOne(): boolean {
    const { restMs = 0, patienceMs = PATIENCE_MS } = this.#options;
    const isAlone = this.#running.shared === 0;
    const enough = isAlone || restMs > 0 ? this.#maxItems : Math.min(this.#maxItems, this.#runningItems * BESIDE_RATIO);
    if (this.#waitingItems >= enough) return true;
    // Real time instead of the injected clock, because this only decides when a batch starts; no stored date depends on it.
    const leftMs = (isAlone ? this.#lastEndMs + restMs : this.#lastStartMs + patienceMs) - performance.now();
    if (leftMs <= 0 || this.#isDraining) return true;
    this.#patience ??= setTimeout(() => {
      this.#patience = undefined;
      this.#start();
    }, leftMs);
    return false;
  }

  /** Fills one batch from the ready lanes. @returns false if no item could be taken */
  #startShared(): boolean {
    const batch: Entry<I, R>[] = [];
    const lanes: Lane<I, R>[] = [];
    let weight = 0;
    for (const lane of this.#ready.shared) {
      const added = this.#take(lane, batch, weight);
      // The first item does not fit or one of its owners is busy. The lane keeps its place and goes into the next batch.
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

  /** Moves the items that fit from the front of a lane into the batch. @returns their total weight */
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
    // A lane becomes hot only if it waited for other processes, not for our own batches.
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
      // If only a few items wait, others that arrive on other sockets may join them.
      if (this.#waitingItems >= this.#maxItems) this.#start();
      else this.#schedule();
    });
  }

  /**
   * Replaces the empty maps by new ones. V8 replaces the table of a Map to which entries are added and deleted every so often, and the old
   * table references the new one. Once a table has reached the old space, all later ones are kept alive, with everything they reference,
   * until a full garbage collection, which they make necessary every 1.5 seconds at 900 sends a second.
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
   * Commits a batch, or its items one by one if that fails. Settles every entry and never rejects.
   * @param lanes the lanes to record if the locks were slow
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
    const { name, db, clock, run, operationOf } = this.#options;
    const items = batch.map((entry) => entry.item);
    const runAll = async (tx: Tx): Promise<readonly (R | ItemFailure)[]> => {
      const answers = await run(tx, items);
      if (answers.length !== items.length) throw new Error(`${name}: ${answers.length} results for ${items.length} items`);
      this.#hotLanes.observe(lanes.map((lane) => lane.key), tx.lockWaitMs, clock.monotonicMs());
      return answers;
    };
    const results = await db.transact(name, runAll, operationOf && (() => batch.map(({ item, owners }) => ({ name: operationOf(item), owners }))));
    for (const [index, entry] of batch.entries()) {
      const result = results[index]!;
      if (isFailure(result)) entry.reject(result.error);
      else entry.resolve(result);
    }
  }
}
