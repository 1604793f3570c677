import {
  type CompiledQuery,
  type DatabaseConnection,
  DefaultQueryExecutor,
  type Dialect,
  type Driver,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  SingleConnectionProvider,
  Transaction,
} from 'kysely';
import type { Tables } from '../tables/index.ts';
import type { Client, Connections } from './connections.ts';
import { isConnectionError, translateError } from './errors.ts';
import { pipelineOf } from './pipeline.ts';

/** A Kysely connection over a client of the pool. */
class ClientConnection implements DatabaseConnection {
  readonly client: Client;

  constructor(client: Client) {
    this.client = client;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    pipelineOf(this.client).flush();
    const result = await this.client.query(query.sql, [...query.parameters]);
    return { rows: result.rows as R[], numAffectedRows: BigInt(result.rowCount ?? 0) };
  }

  // oxlint-disable-next-line require-yield -- the interface demands a generator; long reads go in key ranges instead
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('streaming is not supported: read in key ranges');
  }
}

/** Outside a transaction nothing is retried, so the caller gets the typed error at once. */
class ReadConnection extends ClientConnection {
  isBroken = false;

  override async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    try {
      return await super.executeQuery<R>(query);
    } catch (error) {
      this.isBroken ||= isConnectionError(error);
      throw translateError(error);
    }
  }
}

/** Runs single statements on any connection; transactions run through `transact` only. */
class PoolDriver extends DummyDriver {
  readonly #connections: Connections;

  constructor(connections: Connections) {
    super();
    this.#connections = connections;
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    return new ReadConnection(await this.#connections.acquire());
  }

  override async releaseConnection(connection?: DatabaseConnection): Promise<void> {
    if (connection instanceof ReadConnection) this.#connections.release(connection.client, connection.isBroken);
  }

  override async beginTransaction(): Promise<void> {
    throw new Error('use transact() or readRepeatable()');
  }
}

const adapter = new PostgresAdapter();
const compiler = new PostgresQueryCompiler();

function dialectOf(driver: Driver): Dialect {
  return {
    createDriver: () => driver,
    createQueryCompiler: () => compiler,
    createAdapter: () => adapter,
    createIntrospector: (db) => new PostgresIntrospector(db),
  };
}

/** Creates Kysely over the pool, for reads. */
export function createPoolQueries(connections: Connections): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: dialectOf(new PoolDriver(connections)) });
}

const noDriver = new DummyDriver();
const noDialect = dialectOf(noDriver);

/** Creates Kysely over one connection, for queries inside a transaction. */
export function createClientQueries(client: Client): Transaction<Tables> {
  const provider = new SingleConnectionProvider(new ClientConnection(client));
  return new Transaction<Tables>({
    config: { dialect: noDialect },
    driver: noDriver,
    dialect: noDialect,
    executor: new DefaultQueryExecutor(compiler, adapter, provider),
  });
}
