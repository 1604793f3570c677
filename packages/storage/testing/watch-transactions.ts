import type { KyselyPlugin, PluginTransformQueryArgs, RootOperationNode, Transaction } from 'kysely';
import { PostgresQueryCompiler } from 'kysely';
import type { Counter } from '../src/database/counters.ts';
import type { Database, Operation } from '../src/database/open-database.ts';
import type { SqlValue } from '../src/database/sql-value.ts';
import { type Statement, type StatementResult, tablesWrittenBy } from '../src/database/statement.ts';
import type { AfterCommit, Tx } from '../src/database/transaction.ts';
import type { NewJob } from '../src/database/append-job.ts';
import type { Tables } from '../src/tables/index.ts';

/** What a transaction did that was committed. */
export interface CommittedTransaction {
  name: string;
  /** The owners whose counters it locked. */
  locked: ReadonlySet<bigint>;
  /** The tables that its statements can write. Counters and jobs are left out. */
  written: ReadonlySet<string>;
  /** The independent operations that shared it; undefined if it was one operation. */
  operations: readonly Operation[] | undefined;
}

/** The tables that prepared statements write, by text. These statements are few and run often. */
const writtenByStatement = new Map<string, readonly string[]>();

const compiler = new PostgresQueryCompiler();

/** A transaction that notes what goes through it. */
class WatchedTx implements Tx {
  readonly q: Transaction<Tables>;
  readonly locked = new Set<bigint>();
  readonly written = new Set<string>();
  readonly #tx: Tx;

  constructor(tx: Tx) {
    this.#tx = tx;
    const note = ({ node, queryId }: PluginTransformQueryArgs): RootOperationNode => {
      if (node.kind !== 'SelectQueryNode' || node.with !== undefined) this.#noteText(compiler.compileQuery(node, queryId).sql);
      return node;
    };
    const plugin: KyselyPlugin = { transformQuery: note, transformResult: ({ result }) => Promise.resolve(result) };
    this.q = tx.q.withPlugin(plugin);
  }

  get lockWaitMs(): number {
    return this.#tx.lockWaitMs;
  }

  run<R>(statement: Statement<R>, values: readonly SqlValue[]): Promise<StatementResult<R>> {
    this.#noteStatement(statement);
    return this.#tx.run(statement, values);
  }

  runLast(statement: Statement<unknown>, values: readonly SqlValue[], rank?: number): void {
    this.#noteStatement(statement);
    this.#tx.runLast(statement, values, rank);
  }

  lockCounters(ownerIds: Iterable<bigint>): Promise<Map<bigint, Counter>> {
    const owners = [...ownerIds];
    for (const owner of owners) this.locked.add(owner);
    return this.#tx.lockCounters(owners);
  }

  saveCounters(counters: Iterable<Counter>): Promise<void> {
    return this.#tx.saveCounters(counters);
  }

  afterCommit(fn: AfterCommit): void {
    this.#tx.afterCommit(fn);
  }

  job(job: NewJob): Promise<void> {
    return this.#tx.job(job);
  }

  #noteStatement({ text }: Statement<unknown>): void {
    let tables = writtenByStatement.get(text);
    if (tables === undefined) writtenByStatement.set(text, (tables = tablesWrittenBy(text)));
    for (const table of tables) this.written.add(table);
  }

  #noteText(text: string): void {
    for (const table of tablesWrittenBy(text)) this.written.add(table);
  }
}

/**
 * Returns a database that works as `db`, and tells what each of its transactions did.
 * @param onCommit called after each commit, before the callbacks of the transaction
 */
export function watchTransactions<D extends Database>(db: D, onCommit: (committed: CommittedTransaction) => void): D {
  const transact: Database['transact'] = (name, fn, operations) =>
    db.transact(name, (tx) => {
      const watched = new WatchedTx(tx);
      tx.afterCommit(() => onCommit({ name, locked: watched.locked, written: watched.written, operations: operations && [...operations()] }));
      return fn(watched);
    });
  // Everything else is looked up in `db` when it is used, because tests replace methods of their databases for a while.
  return Object.create(db, { transact: { value: transact, writable: true } }) as D;
}
