import { type Clock, type Logger, type Metrics, type Random, createMetrics, systemRandom } from '@aerogram/runtime';
import type { Kysely } from 'kysely';
import { Signal } from '../signal.ts';
import type { Tables } from '../tables/index.ts';
import { dropOldMarks } from './commit-mark.ts';
import { Connections } from './connections.ts';
import { isConnectionError, translateError } from './errors.ts';
import { createPoolQueries } from './kysely-dialect.ts';
import { type StorageMetrics, storageMetrics } from './metrics.ts';
import { hasPendingMigrations, migrate } from './migrate.ts';
import { pipelineOf } from './pipeline.ts';
import type { SqlValue } from './sql-value.ts';
import type { Statement, StatementResult } from './statement.ts';
import { Transactor } from './transact.ts';
import type { Queries, Tx } from './transaction.ts';

export interface DatabaseOptions {
  /** `postgresql://…`, or the `url` of `startEmbedded`. */
  url: string;
  /** Connections; 8 serve 64 writers. */
  poolSize: number;
  log: Logger;
  clock: Clock;
  random?: Random;
  metrics?: Metrics;
  /** Asked before each transaction, by its name: why it may not be made now. Without a name: whether any is refused. */
  refusal?: (transaction?: string) => Error | undefined;
  /** Waited for before each transaction, where it returns a promise; when that rejects the transaction is not made. */
  gate?: () => Promise<void> | undefined;
}

/** The database of this DC. All its methods throw `DatabaseUnavailable` while it cannot be reached. */
export interface Database extends AsyncDisposable {
  /** For single reads, each seeing the database as it is at that moment; writes go through `transact`. */
  readonly q: Kysely<Tables>;
  readonly metrics: StorageMetrics;
  /** Whether transactions are refused at present, because the disk is full. */
  readonly isReadOnly: boolean;
  /** Fires after a transaction of this process has appended jobs. */
  readonly jobsAppended: Signal;
  /** Runs a prepared statement by itself. */
  run<R>(statement: Statement<R>, values: readonly SqlValue[]): Promise<StatementResult<R>>;
  /**
   * Runs `fn` in a transaction (READ COMMITTED, at most 5 s). When it loses a race, a deadlock or its connection it is
   * rolled back and `fn` runs again, so `fn` must not change anything outside it except by `afterCommit`. A COMMIT
   * whose answer is lost is inquired after: it runs again only when it did not happen.
   * @param name for the metrics and the log
   * @throws what `fn` throws, after rolling back; StorageOverloaded; DiskFull
   */
  transact<T>(name: string, fn: (tx: Tx) => Promise<T>): Promise<T>;
  /** Runs several reads that see one state of the database. */
  readRepeatable<T>(name: string, fn: (reads: Queries) => Promise<T>): Promise<T>;
  /**
   * Brings the schema to the program's version; to be called before anything else.
   * @throws DatabaseUnusable when the database is newer than the program, too old, or has an unfit locale
   */
  migrate(): Promise<void>;
  /** Whether `migrate` would change the schema. */
  hasPendingMigrations(): Promise<boolean>;
}

/** Opens the database and checks that it answers. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { log, clock, random = systemRandom, refusal = () => undefined, gate = () => undefined } = options;
  const connections = new Connections(options);
  const metrics = storageMetrics(options.metrics ?? createMetrics());
  const jobsAppended = new Signal();
  const transactor = new Transactor({ connections, clock, random, log, metrics, jobsAppended });

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
    run: (statement, values) => withClient((client) => pipelineOf(client).run(statement, values)),
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
    hasPendingMigrations: () => withClient(hasPendingMigrations),
    [Symbol.asyncDispose]: () => connections[Symbol.asyncDispose](),
  };
}
