import type { Clock, Logger } from '@aerogram/runtime';
import pg from 'pg';
import { columnTypes } from './column-types.ts';
import { DatabaseUnavailable, StorageOverloaded, isConnectionError } from './errors.ts';

export type Client = pg.PoolClient;

/** A transaction or statement that takes longer is ended by the database: one old snapshot slows every queue down. */
const TRANSACTION_LIMIT_MS = 5000;
/** How long after an outage began callers still wait for its end; later ones fail at once. */
const PATIENCE_MS = 3000;
const RETRY_PAUSE_MS = 50;
/** Callers that may wait for a connection; one that finds more in front of it fails at once. */
const MAX_WAITING = 4096;

/** A bounded pool that rides out short outages. */
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
      // Statements go out without waiting for the answers of those before; the database runs them in order all the same.
      pipeline: true,
    });
    // Lost while idle: the pool has already put the client away, and the next caller gets a new one.
    this.#pool.on('error', (error) => this.#log.debug({ err: error }, 'lost an idle database connection'));
    // Lost between two statements of a transaction: the next statement fails, so that is where it is handled.
    this.#pool.on('connect', (client) => {
      client.on('error', (error) => this.#log.debug({ err: error }, 'lost a database connection'));
    });
  }

  /** How many callers wait for a connection. */
  get waiting(): number {
    return this.#pool.waitingCount;
  }

  /**
   * A connection that must be given to `release`.
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
        // The pool gives up waiting with the same words whether the database or a free connection is missing.
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

  /** Gives a connection back; one in an unknown state is closed. */
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
