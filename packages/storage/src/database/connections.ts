import type { Clock, Logger } from '@aerogram/runtime';
import pg from 'pg';
import { columnTypes } from './column-types.ts';
import { ConnectionState } from './connection-state.ts';
import { DatabaseUnavailable, OtherPrimary, StorageOverloaded, isConnectionError, isPoolTimeout } from './errors.ts';
import type { Primary } from './timeline.ts';

export type Client = pg.PoolClient;

/** The database aborts a transaction or statement that takes longer, because one old snapshot slows down every queue. */
const TRANSACTION_LIMIT_MS = 5000;
/** How long after the start of an outage callers still wait for the database to return; after that they fail at once. */
const PATIENCE_MS = 3000;

const RETRY_PAUSE_MS = 50;
/** Callers that may wait for a connection; further callers fail at once. */
const MAX_WAITING = 4096;

/** What a pool of connections does at a moment. */
export interface PoolLoad {
  inUse: number;
  idle: number;
  waiting: number;
}

/** A bounded connection pool that tolerates short outages, and uses connections to the primary only. */
export class Connections implements AsyncDisposable {
  readonly #pool: pg.Pool;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #primary: Primary | undefined;
  readonly #states = new Map<Client, ConnectionState>();
  #downSinceMs: number | undefined;

  readonly #patienceMs: number;

  /**
   * @param options.primary of a process that serves; without it any primary is used, however long it takes to answer
   * @param options.patienceMs how long a database that cannot be reached is waited for
   */
  constructor(options: { url: string; poolSize: number; log: Logger; clock: Clock; primary?: Primary | undefined; patienceMs?: number | undefined }) {
    this.#patienceMs = options.patienceMs ?? PATIENCE_MS;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#primary = options.primary;
    this.#pool = new pg.Pool({
      connectionString: options.url,
      max: options.poolSize,
      application_name: 'aerogram',
      connectionTimeoutMillis: options.patienceMs ?? TRANSACTION_LIMIT_MS,
      idleTimeoutMillis: 0,
      keepAlive: true,
      statement_timeout: TRANSACTION_LIMIT_MS,
      idle_in_transaction_session_timeout: TRANSACTION_LIMIT_MS,
      types: columnTypes,
      // Send statements without waiting for the responses to earlier ones; the database still runs them in order.
      pipeline: true,
      verify: (client, callback) => void this.#identify(client, callback),
    });
    // Lost while idle: the pool has already removed the client, and the next caller gets a new one.
    this.#pool.on('error', (error) => this.#log.debug({ err: error }, 'lost an idle database connection'));
    // Lost between two statements of a transaction: the next statement fails, and the error is handled there.
    this.#pool.on('connect', (client) => {
      client.on('error', (error) => this.#log.debug({ err: error }, 'lost a database connection'));
      this.#states.set(client, new ConnectionState(client, this.#primary !== undefined));
    });
    this.#pool.on('remove', (client) => this.#states.delete(client));
  }

  /** How many connections there are, in use and not, and how many callers wait for one. */
  get load(): PoolLoad {
    const { totalCount, idleCount, waitingCount } = this.#pool;
    return { inUse: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
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
        this.#admit(client);
        this.#markUp();
        return client;
      } catch (error) {
        if (!isConnectionError(error)) throw error;
        // The pool's timeout error is the same whether the database is unreachable or no connection is free.
        if (this.#downSinceMs === undefined && this.#pool.totalCount === this.#pool.options.max && isPoolTimeout(error)) {
          throw new StorageOverloaded('no database connection became free in time', { cause: error });
        }
        this.#markDown(error);
        if (this.#clock.monotonicMs() - this.#downSinceMs! > this.#patienceMs || this.#pool.ending) {
          throw new DatabaseUnavailable('the database cannot be reached', { cause: error });
        }
        await new Promise<void>((resolve) => this.#clock.setTimeout(resolve, RETRY_PAUSE_MS));
      }
    }
  }

  /** Gives a connection back. @param isBroken closes it, because its state is unknown */
  release(client: Client, isBroken: boolean): void {
    const state = this.#states.get(client);
    if (state) state.isInUse = false;
    client.release(isBroken);
  }

  /** Closes the connections to former primaries: what waits for their answers fails. */
  closeFormer(): void {
    const timeline = this.#primary?.timeline();
    for (const state of Array.from(this.#states.values())) if (timeline !== undefined && state.timeline !== undefined && state.timeline < timeline) state.close();
  }

  async #identify(client: Client, callback: (error?: Error) => void): Promise<void> {
    let failure: unknown;
    try {
      await this.#states.get(client)!.identify();
    } catch (error) {
      failure = error;
    }
    callback(failure as Error | undefined);
  }

  /** Gives a connection back unless it leads to the primary that is noted. @throws OtherPrimary */
  #admit(client: Client): void {
    const state = this.#states.get(client)!;
    const noted = this.#primary?.timeline();
    if (noted === undefined || state.timeline === noted) {
      state.isInUse = true;
      return;
    }
    const isFormer = state.timeline! < noted;
    this.release(client, isFormer);
    if (!isFormer) this.#primary!.met?.();
    throw new OtherPrimary(isFormer ? 'a former primary of the database has answered' : 'the primary of the database is not noted yet');
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
