import type { Clock, Logger } from '@aerogram/runtime';
import pg from 'pg';
import { columnTypes } from './column-types.ts';
import { DatabaseUnavailable, StorageOverloaded, isConnectionError } from './errors.ts';

export type Client = pg.PoolClient;

/** The database aborts a transaction or statement that takes longer, because one old snapshot slows down every queue. */
const TRANSACTION_LIMIT_MS = 5000;
/** How long after the start of an outage callers still wait for the database to return; after that they fail at once. */
const PATIENCE_MS = 3000;

const RETRY_PAUSE_MS = 50;
/** Callers that may wait for a connection; further callers fail at once. */
const MAX_WAITING = 4096;

/** A bounded connection pool that tolerates short outages. */
export class Connections implements AsyncDisposable {
  readonly #pool: pg.Pool;
  readonly #clock: Clock;
  readonly #log: Logger;
  #downSinceMs: number | undefined;

  constructor(options: { url: string; poolSize: number; log: Logger; clock: Clock }) {
    this.#clock = options.clock;
    this.#log = options.log;
    this.#pool = new pg.Pool({
      connectionString: options.url,
      max: options.poolSize,
      application_name: 'aerogram',
      connectionTimeoutMillis: TRANSACTION_LIMIT_MS,
      idleTimeoutMillis: 0,
      keepAlive: true,
      statement_timeout: TRANSACTION_LIMIT_MS,
      idle_in_transaction_session_timeout: TRANSACTION_LIMIT_MS,
      types: columnTypes,
      // Send statements without waiting for the responses to earlier ones; the database still runs them in order.
      pipeline: true,
    });
    // Lost while idle: the pool has already removed the client, and the next caller gets a new one.
    this.#pool.on('error', (error) => this.#log.debug({ err: error }, 'lost an idle database connection'));
    // Lost between two statements of a transaction: the next statement fails, and the error is handled there.
    this.#pool.on('connect', (client) => {
      client.on('error', (error) => this.#log.debug({ err: error }, 'lost a database connection'));
    });
  }

  /** Number of callers that wait for a connection. */
  get waiting(): number {
    return this.#pool.waitingCount;
  }

  /**
   * Takes a connection, which must be given back with `release`.
   * @throws DatabaseUnavailable, StorageOverloaded
   */
  async acquire(): Promise<Client> {
    if (this.#pool.waitingCount >= MAX_WAITING) throw new StorageOverloaded('too many wait for a database connection');
    for (;;) {
      try {
        const client = await this.#pool.connect();
        this.#markUp();
        return client;
      } catch (error) {
        if (!isConnectionError(error)) throw error;
        // The pool's timeout error is the same whether the database is unreachable or no connection is free.
        if (this.#downSinceMs === undefined && this.#pool.totalCount === this.#pool.options.max) {
          throw new StorageOverloaded('no database connection became free in time', { cause: error });
        }
        this.#markDown(error);
        if (this.#clock.monotonicMs() - this.#downSinceMs! > PATIENCE_MS || this.#pool.ending) {
          throw new DatabaseUnavailable('the database cannot be reached', { cause: error });
        }
        await new Promise<void>((resolve) => this.#clock.setTimeout(resolve, RETRY_PAUSE_MS));
      }
    }
  }

  /** Gives a connection back. @param isBroken closes it, because its state is unknown */
  release(client: Client, isBroken: boolean): void {
    client.release(isBroken);
  }

  #markUp(): void {
    if (this.#downSinceMs === undefined) return;
    this.#log.info({ outage_ms: Math.round(this.#clock.monotonicMs() - this.#downSinceMs) }, 'the database is back');
    this.#downSinceMs = undefined;
  }

  #markDown(error: unknown): void {
    if (this.#downSinceMs !== undefined) return;
    this.#downSinceMs = this.#clock.monotonicMs();
    this.#log.error({ err: error }, 'the database cannot be reached');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.end();
  }
}
