import { type Clock, type Logger, type Metrics, type Random, createMetrics, systemRandom } from '@aerogram/runtime';
import type { Kysely } from 'kysely';
import { Signal } from '../signal.ts';
import type { Tables } from '../tables/index.ts';
import { dropOldMarks, type Incarnation } from './commit-mark.ts';
import { Connections } from './connections.ts';
import { isConnectionError, translateError } from './errors.ts';
import { createPoolQueries } from './kysely-dialect.ts';
import { showPool, type StorageMetrics, storageMetrics } from './metrics.ts';
import { migrate, type MigrationPlan, planMigration } from './migrate.ts';
import { pipelineOf } from './pipeline.ts';
import type { SqlValue } from './sql-value.ts';
import type { Statement, StatementResult } from './statement.ts';
import type { Primary } from './timeline.ts';
import { Transactor } from './transact.ts';
import type { Queries, Tx } from './transaction.ts';

export interface DatabaseOptions {
  /** `postgresql://…`, or the `url` of `startEmbedded`. */
  url: string;
  /** Maximum number of connections; 8 are enough for 64 writers. */
  poolSize: number;
  log: Logger;
  clock: Clock;
  random?: Random;
  metrics?: Metrics;
  /**
   * Called before each transaction with its name; returns why the transaction must not run now. Without a name: whether any transaction is
   * refused.
   */
  refusal?: (transaction?: string) => Error | undefined;
  /** Called before each transaction. If it returns a promise, the transaction waits for it, and is not run if the promise rejects. */
  gate?: () => Promise<void> | undefined;
  /** The lease that this process serves by, once it has one: when it is lost, no transaction commits. Without it nothing is checked. */
  incarnation?: () => Incarnation | undefined;
  /** Which primary this process serves from. Without it, any primary will do, and no statement is given up because the database is silent. */
  primary?: Primary;
  /** How long a database that cannot be reached is waited for, in milliseconds; 3,000 when absent. */
  patienceMs?: number | undefined;
}

/** Builds queries that read. */
export type Reads = Omit<Kysely<Tables>, 'insertInto' | 'updateTable' | 'deleteFrom' | 'mergeInto' | 'replaceInto' | 'transaction' | 'startTransaction' | 'connection' | 'schema' | 'isTransaction' | symbol>;

/** One of several independent operations that share a transaction. */
export interface Operation {
  readonly name: string;
  /** Owners whose counters it needs. */
  readonly owners: readonly bigint[];
}

/** The database of this DC. All methods throw `DatabaseUnavailable` while it cannot be reached. */
export interface Database extends AsyncDisposable {
  /** For single reads, each of which sees the current state; writes go through `transact`. */
  readonly q: Reads;
  readonly metrics: StorageMetrics;
  /** Whether transactions are refused now because the disk is full. */
  readonly isReadOnly: boolean;
  /** Fires for each job that a transaction of this process has appended, after it, with the bucket. */
  readonly jobsAppended: Signal<number>;
  /** Runs a prepared statement outside a transaction. It must not write: only transactions are refused when the server has lost its lease. */
  run<R>(statement: Statement<R>, values: readonly SqlValue[]): Promise<StatementResult<R>>;
  /**
   * Runs `fn` in a transaction (READ COMMITTED, at most 5 s). After a serialization failure, a deadlock or a lost connection the
   * transaction is rolled back and `fn` runs again, so `fn` must have no side effects except through `afterCommit`. If the response to
   * COMMIT is lost, the outcome is looked up, and `fn` runs again only if nothing was committed.
   * @param name for metrics and logs, and for tests that watch transactions: each operation has a name of its own
   * @param operations lists the independent operations of a batch after the commit. Only tests call it, to judge each operation alone
   * @throws what `fn` throws, after the rollback; StorageOverloaded; DiskFull
   */
  transact<T>(name: string, fn: (tx: Tx) => Promise<T>, operations?: () => Iterable<Operation>): Promise<T>;
  /** Runs several reads on one snapshot of the database. */
  readRepeatable<T>(name: string, fn: (reads: Queries) => Promise<T>): Promise<T>;
  /**
   * Migrates the schema to the version of the program; must be called before anything else.
   * @throws DatabaseUnusable when the schema is too new for the program, PostgreSQL is too old, or the locale is unsuitable; OperatorError when nodes serve whose programs are too old
   */
  migrate(): Promise<void>;
  /** Closes the connections to former primaries, after `DatabaseOptions.primary` has changed: what was under way there is looked up or begins again. */
  leaveFormerPrimary(): void;
  /** Reads what `migrate` would do. */
  planMigration(): Promise<MigrationPlan>;
}

/** Opens the database and checks that it responds. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { log, clock, random = systemRandom, refusal = () => undefined, gate = () => undefined, incarnation = () => undefined } = options;
  const connections = new Connections(options);
  const metrics = storageMetrics(options.metrics ?? createMetrics());
  if (options.metrics) showPool(options.metrics, { size: options.poolSize, load: () => connections.load });
  const jobsAppended = new Signal<number>();
  const transactor = new Transactor({ connections, clock, random, log, metrics, jobsAppended, incarnation });

  const withClient = async <T>(fn: (client: Awaited<ReturnType<Connections['acquire']>>) => Promise<T>): Promise<T> => {
    const client = await connections.acquire();
    let isBroken = false;
    try {
      return await fn(client);
    } catch (error) {
      isBroken = isConnectionError(error);
      throw translateError(error);
    } finally {
      connections.release(client, isBroken);
    }
  };

  try {
    await withClient((client) => client.query('SELECT 1'));
  } catch (error) {
    await connections[Symbol.asyncDispose]();
    throw error;
  }
  return {
    q: createPoolQueries(connections),
    metrics,
    get isReadOnly() {
      return refusal() !== undefined;
    },
    jobsAppended,
    async run(statement, values) {
      if (statement.writes) throw new Error(`the statement ${statement.name} writes: run it in a transaction`);
      return withClient((client) => pipelineOf(client).run(statement, values));
    },
    async transact(name, fn) {
      const refused = refusal(name);
      if (refused) throw refused;
      const opening = gate();
      if (opening) await opening;
      return transactor.transact(name, fn);
    },
    readRepeatable: (name, fn) => transactor.readRepeatable(name, fn),
    async migrate() {
      await migrate(connections, log);
      await withClient((client) => dropOldMarks(client, clock.now()));
    },
    leaveFormerPrimary: () => connections.closeFormer(),
    planMigration: () => withClient(planMigration),
    [Symbol.asyncDispose]: () => connections[Symbol.asyncDispose](),
  };
}
