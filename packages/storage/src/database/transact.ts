import type { TimerHandle } from '@aerogram/runtime';
import type { Transaction } from 'kysely';
import type { Tables } from '../tables/index.ts';
import { type CommitMark, MarkMissing, beginMarked, isCommitted, prepareMark } from './commit-mark.ts';
import { isWaitCancelled, watchWaits } from './connection-state.ts';
import type { Client } from './connections.ts';
import { counterStatements } from './counters.ts';
import { CommitUnconfirmed, OutcomeUnknown, isConflict, isConnectionError, translateError } from './errors.ts';
import { createClientQueries } from './kysely-dialect.ts';
import { pipelineOf } from './pipeline.ts';
import { defineStatement } from './statement.ts';
import { CountersMissing, RunAgain, type AfterCommit, type Queries, TransactionAttempt, type Tx } from './transaction.ts';
import type { TransactorParts } from './transactor-parts.ts';

/** How often a transaction is run in total when it keeps failing with conflicts or lost connections. */
const MAX_ATTEMPTS = 8;
/** How long to keep asking whether a COMMIT succeeded, in milliseconds. Longer than a transaction may run in the database. */
const INQUIRY_MS = 15_000;

const INQUIRY_PAUSE_MS = 50;
/** A transaction is not begun again when its connections were lost for longer, in milliseconds: the caller fails instead of waiting for a primary. */
const WAIT_MS = 10_000;

/** The result of one attempt. */
type Outcome<T> =
  | { kind: 'committed'; value: T; callbacks: AfterCommit[] }
  | { kind: 'failed'; error: unknown }
  | { kind: 'unknown'; mark: CommitMark; value: T; callbacks: AfterCommit[]; error: unknown };

const beginReading = defineStatement('begin_reading', 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
const commit = defineStatement('commit', 'COMMIT');
const rollback = defineStatement('rollback', 'ROLLBACK');

/** Runs transactions until it is known whether they were committed. */
export class Transactor {
  readonly #parts: TransactorParts;
  readonly #queries = new WeakMap<Client, Transaction<Tables>>();

  constructor(parts: TransactorParts) {
    this.#parts = parts;
  }

  /** See `Database.transact`. */
  async transact<T>(name: string, fn: (tx: Tx) => Promise<T>): Promise<T> {
    const { value, callbacks } = await this.#commit(name, fn);
    const waiting = this.#runCallbacks(name, callbacks);
    if (waiting) await waiting;
    return value;
  }

  /** See `Database.readRepeatable`. */
  async readRepeatable<T>(name: string, fn: (reads: Queries) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const client = await this.#parts.connections.acquire();
      let isBroken = true;
      try {
        const pipeline = pipelineOf(client);
        // Sent together with the first read.
        const begun = pipeline.run(beginReading, []);
        begun.catch(() => {});
        const value = await fn({ q: this.#queriesOf(client), run: (statement, values) => pipeline.run(statement, values) });
        await begun;
        await pipeline.run(commit, []);
        isBroken = false;
        return value;
      } catch (error) {
        isBroken = isConnectionError(error) || !(await this.#rollback(client));
        if (!isConnectionError(error) || attempt === MAX_ATTEMPTS) throw translateError(error);
        this.#parts.metrics.transactionRetries.inc({ name, reason: 'connection' });
      } finally {
        this.#parts.connections.release(client, isBroken);
      }
    }
  }

  async #commit<T>(name: string, fn: (tx: Tx) => Promise<T>): Promise<Outcome<T> & { kind: 'committed' }> {
    const startedMs = this.#parts.clock.monotonicMs();
    try {
      for (let attempt = 1; ; attempt++) {
        let outcome = await this.#attempt(fn);
        if (outcome.kind === 'unknown') outcome = await this.#resolve(name, outcome);
        if (outcome.kind === 'committed') return outcome;
        const reason = this.#reasonToRetry(outcome.error);
        const isLate = reason === 'connection' && this.#parts.clock.monotonicMs() - startedMs > WAIT_MS;
        if (reason === undefined || attempt === MAX_ATTEMPTS || isLate) throw translateError(outcome.error);
        this.#parts.metrics.transactionRetries.inc({ name, reason });
        if (reason === 'conflict') await this.#pause(Math.min(2 ** attempt, 100) * (0.5 + Math.random()));
      }
    } finally {
      this.#parts.metrics.transactionSeconds.observe({ name }, (this.#parts.clock.monotonicMs() - startedMs) / 1000);
    }
  }

  async #attempt<T>(fn: (tx: Tx) => Promise<T>): Promise<Outcome<T>> {
    const client = await this.#parts.connections.acquire();
    let isBroken = true;
    try {
      const date = this.#parts.clock.now();
      const preparing = this.#prepare(client, date);
      if (preparing) await preparing;
      const { mark, begun } = beginMarked(client, date);
      // Awaited below, after the statements that `fn` sends.
      begun.catch(() => {});
      const tx = new TransactionAttempt(client, this.#queriesOf(client), this.#parts);
      const value = await fn(tx);
      await begun;
      const ending = await this.#end(client, tx);
      if (ending.committed) {
        isBroken = false;
        return { kind: 'committed', value, callbacks: tx.callbacks };
      }
      const { error } = ending;
      const isUnknown = isLost(error);
      isBroken = isUnknown || !(await this.#rollback(client));
      return isUnknown ? { kind: 'unknown', mark, value, callbacks: tx.callbacks, error } : { kind: 'failed', error };
    } catch (error) {
      isBroken = isConnectionError(error) || !(await this.#rollback(client));
      if (error instanceof CountersMissing && !isBroken) {
        try {
          await this.#createCounters(client, error.ownerIds);
        } catch (createError) {
          isBroken = isConnectionError(createError) || !(await this.#rollback(client));
          return { kind: 'failed', error: createError };
        }
      }
      return { kind: 'failed', error };
    } finally {
      this.#parts.connections.release(client, isBroken);
    }
  }

  #prepare(client: Client, date: number): Promise<void> | undefined {
    return prepareMark(client, { random: this.#parts.random, date, incarnation: this.#parts.incarnation() });
  }

  async #createCounters(client: Client, ownerIds: readonly bigint[]): Promise<void> {
    // The row of the mark may have been missing from the transaction that found no counters.
    const date = this.#parts.clock.now();
    await this.#prepare(client, date);
    const { begun } = beginMarked(client, date);
    await Promise.all([begun, pipelineOf(client).run(counterStatements.createCounters, [ownerIds])]);
    await pipelineOf(client).run(commit, []);
  }

  /** Sends the last writes and the COMMIT together. Never rejects; if the connection is lost, the outcome stays unknown. */
  async #end(client: Client, tx: TransactionAttempt): Promise<{ committed: boolean; error?: unknown }> {
    watchWaits(client);
    try {
      tx.finish();
      // In the same batch as the writes: if one of them fails, the COMMIT is not run and fails with the same error.
      const ended = await pipelineOf(client).run(commit, []);
      // PostgreSQL turns the COMMIT of a failed transaction into a rollback without reporting an error.
      if (ended.tag !== 'COMMIT') return { committed: false, error: new Error('a failed statement was ignored inside a transaction') };
      return isWaitCancelled(client) ? { committed: false, error: new CommitUnconfirmed() } : { committed: true };
    } catch (error) {
      return { committed: false, error };
    }
  }

  #reasonToRetry(error: unknown): 'conflict' | 'connection' | 'counters' | 'mark' | undefined {
    if (error instanceof MarkMissing) return 'mark';
    if (isConflict(error) || error instanceof RunAgain) return 'conflict';
    if (isLost(error)) return 'connection';
    if (error instanceof CountersMissing) return 'counters';
    return undefined;
  }

  /** Finds out whether a transaction was committed when the response to its COMMIT was lost. It is run again only if it was not. */
  async #resolve<T>(name: string, outcome: Outcome<T> & { kind: 'unknown' }): Promise<Outcome<T>> {
    this.#parts.log.warn({ transaction: name, err: outcome.error }, 'lost the answer to a COMMIT');
    let timer: TimerHandle | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = this.#parts.clock.setTimeout(() => resolve('late'), INQUIRY_MS);
    });
    try {
      for (let cause: unknown = outcome.error; ; ) {
        // An inquiry may itself wait for the standby.
        const answer = await Promise.race([late, this.#inquire(outcome.mark).catch((error: unknown) => void (cause = error))]);
        if (answer === 'late') throw new OutcomeUnknown({ cause });
        if (answer !== undefined) return answer ? { ...outcome, kind: 'committed' } : { kind: 'failed', error: outcome.error };
        await this.#pause(INQUIRY_PAUSE_MS);
      }
    } finally {
      timer?.cancel();
    }
  }

  async #inquire(mark: CommitMark): Promise<boolean> {
    const client = await this.#parts.connections.acquire();
    let isBroken = false;
    try {
      return await isCommitted(client, mark);
    } catch (error) {
      isBroken = isLost(error);
      throw error;
    } finally {
      this.#parts.connections.release(client, isBroken);
    }
  }

  /** Rolls back. @returns whether the connection is usable again */
  async #rollback(client: Client): Promise<boolean> {
    try {
      await pipelineOf(client).run(rollback, []);
      return true;
    } catch {
      return false;
    }
  }

  /** @returns what some of them wait for; undefined if they do not */
  #runCallbacks(name: string, callbacks: AfterCommit[]): Promise<unknown> | undefined {
    const waits: Promise<void>[] = [];
    for (const callback of callbacks) {
      try {
        const wait = callback();
        if (wait !== undefined) waits.push(wait);
      } catch (error) {
        this.#parts.log.error({ transaction: name, err: error }, 'a callback after the commit failed');
      }
    }
    return waits.length === 0 ? undefined : Promise.all(waits);
  }

  #queriesOf(client: Client): Transaction<Tables> {
    let queries = this.#queries.get(client);
    if (!queries) {
      queries = createClientQueries(client);
      this.#queries.set(client, queries);
    }
    return queries;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.#parts.clock.setTimeout(resolve, ms));
  }
}

/** Whether the answer to a statement was lost: if it was COMMIT, its outcome must be looked up. */
const isLost = (error: unknown): boolean => isConnectionError(error) || error instanceof CommitUnconfirmed;
