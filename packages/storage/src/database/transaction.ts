import { bucketOf } from '../bucket.ts';
import type { Transaction } from 'kysely';
import { type NewJob, insertJob, jobValues } from './append-job.ts';
import type { Tables } from '../tables/index.ts';
import type { Client } from './connections.ts';
import { type Counter, counterColumns, copyCounter, counterStatements, enterEpoch, isSameCounter, sortedUnique } from './counters.ts';
import { pipelineOf } from './pipeline.ts';
import type { SqlValue } from './sql-value.ts';
import type { Statement, StatementResult } from './statement.ts';
import type { TransactorParts } from './transactor-parts.ts';

/** Runs statements on one connection. */
export interface Queries {
  readonly q: Transaction<Tables>;
  /** Runs a prepared statement. */
  run<R>(statement: Statement<R>, values: readonly SqlValue[]): Promise<StatementResult<R>>;
}

/**
 * A transaction as its function sees it. Statements run in the order in which they are sent. A statement may be sent before the previous
 * one has responded, which saves a round trip if it does not need that result.
 */
export interface Tx extends Queries {
  /**
   * Locks the counters of these owners in ascending order, and creates missing ones. Normally called once per transaction; a later call may
   * only add owners with higher ids than all locked ones.
   * @returns the counters by owner; changes to them are saved with the transaction
   */
  lockCounters(ownerIds: Iterable<bigint>): Promise<Map<bigint, Counter>>;
  /** Saves these counters now. Counters that change later are saved at COMMIT. */
  saveCounters(counters: Iterable<Counter>): Promise<void>;
  /**
   * Runs a prepared statement together with COMMIT, in one round trip: for the last writes of hot paths. Its result is discarded; if it
   * fails, the transaction fails.
   * @param rank those of a higher rank run later, whenever they were given: for rows that must be locked in one order
   */
  runLast(statement: Statement<unknown>, values: readonly SqlValue[], rank?: number): void;
  /** Runs `fn` after the transaction was committed; never if it was not. `transact` returns when what `fn` returns has resolved, and rejects with it. */
  afterCommit(fn: AfterCommit): void;
  /** Appends a job. */
  job(job: NewJob): Promise<void>;
  /** How long it took to lock the counters, in milliseconds. */
  readonly lockWaitMs: number;
}

/** What runs after a commit, in the order in which it was registered. Only what it does before it first waits is ordered. */
export type AfterCommit = () => void | Promise<void>;

/** Thrown when counters do not exist. They are created in another transaction, and this one runs again. */
export class CountersMissing extends Error {
  readonly ownerIds: bigint[];

  constructor(ownerIds: bigint[]) {
    super('counters are missing');
    this.ownerIds = ownerIds;
  }
}

/** Thrown when the rows that the transaction has to lock changed before it locked them. The transaction runs again. */
export class RunAgain extends Error {
  override readonly name = 'RunAgain';

  constructor() {
    super('the transaction must run again');
  }
}

/** One attempt at a transaction, between BEGIN and COMMIT. */
export class TransactionAttempt implements Tx {
  readonly q: Transaction<Tables>;
  lockWaitMs = 0;
  /** Functions to run after COMMIT, in order. */
  readonly callbacks: AfterCommit[] = [];
  readonly #client: Client;
  readonly #parts: TransactorParts;
  readonly #locked = new Map<bigint, Counter>();
  /** The counters as they are stored in the database. */
  readonly #saved = new Map<bigint, Counter>();
  readonly #last: { statement: Statement<unknown>; values: readonly SqlValue[]; rank: number }[] = [];
  #highestLocked: bigint | undefined;

  constructor(client: Client, q: Transaction<Tables>, parts: TransactorParts) {
    this.#client = client;
    this.q = q;
    this.#parts = parts;
  }

  run<R>(statement: Statement<R>, values: readonly SqlValue[]): Promise<StatementResult<R>> {
    return pipelineOf(this.#client).run(statement, values);
  }

  async lockCounters(ownerIds: Iterable<bigint>): Promise<Map<bigint, Counter>> {
    const wanted = sortedUnique(ownerIds);
    const fresh = wanted.filter((id) => !this.#locked.has(id));
    if (fresh.length > 0) {
      if (this.#highestLocked !== undefined && fresh[0]! < this.#highestLocked) {
        throw new Error('counters must be locked in ascending order: lock all of a transaction in one call');
      }
      const { rows } = await this.run(counterStatements.lockCounters, [fresh]);
      this.lockWaitMs += rows.reduce((longest, row) => Math.max(longest, row.waited_ms), 0);
      if (rows.length < fresh.length) {
        const found = new Set(rows.map((row) => row.owner_id));
        throw new CountersMissing(fresh.filter((id) => !found.has(id)));
      }
      for (const row of rows) {
        this.#saved.set(row.owner_id, row);
        this.#locked.set(row.owner_id, enterEpoch(row));
      }
      this.#highestLocked = fresh.at(-1);
    }
    // Nearly every transaction locks in one call, so the map has just these.
    return this.#locked.size === wanted.length ? this.#locked : new Map(wanted.map((id) => [id, this.#locked.get(id)!]));
  }

  async saveCounters(counters: Iterable<Counter>): Promise<void> {
    const saved = this.#listChanged(counters).map(copyCounter);
    if (saved.length === 0) return;
    await this.run(counterStatements.saveCounters, counterColumns(saved));
    for (const counter of saved) this.#saved.set(counter.owner_id, counter);
  }

  #listChanged(counters: Iterable<Counter>): Counter[] {
    const changed: Counter[] = [];
    for (const counter of counters) {
      if (this.#locked.get(counter.owner_id) !== counter) throw new Error(`the counter of ${counter.owner_id} was not locked in this transaction`);
      if (!isSameCounter(this.#saved.get(counter.owner_id)!, counter)) changed.push(counter);
    }
    return changed;
  }

  runLast(statement: Statement<unknown>, values: readonly SqlValue[], rank = 0): void {
    this.#last.push({ statement, values, rank });
  }

  /** Sends the last statements and the new counters. COMMIT must follow directly: it fails if one of them does. */
  finish(): void {
    const pipeline = pipelineOf(this.#client);
    if (this.#last.length > 1) this.#last.sort((a, b) => a.rank - b.rank);
    for (const { statement, values } of this.#last) pipeline.send(statement, values);
    const changed = this.#listChanged(this.#locked.values());
    if (changed.length > 0) pipeline.send(counterStatements.saveCounters, counterColumns(changed));
  }

  afterCommit(fn: AfterCommit): void {
    this.callbacks.push(fn);
  }

  async job(job: NewJob): Promise<void> {
    await this.run(insertJob, jobValues(job, this.#parts.random.int63(), this.#parts.clock.nowMs()));
    this.afterCommit(() => this.#parts.jobsAppended.fire(bucketOf(job.owner_id)));
  }
}
