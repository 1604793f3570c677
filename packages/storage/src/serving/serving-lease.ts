import { setTimeout as delay } from 'node:timers/promises';
import { type Clock, type ClockWatch, type Logger, OperatorError, type TimerHandle } from '@aerogram/runtime';
import pg from 'pg';
import { columnTypes } from '../database/column-types.ts';
import { DatabaseUnavailable } from '../database/errors.ts';
import { LeaseGate, SERVING_LEASE_MS } from './lease-gate.ts';
import { type ClockRow, clockRecordOf, DATABASE_MS } from './serving-state.ts';

export interface ServingLeaseOptions {
  url: string;
  /** Identifies the server; the same after a restart. */
  holder: string;
  /** Name of the machine, for the error message of another server. */
  host: string;
  /** Used for timers and measurements; not the clock that is being judged. */
  clock: Clock;
  /** Judges the server's clock; its findings are stored in the database. */
  watch: ClockWatch;
  log: Logger;
  /** Called with what the startup is waiting for. */
  say?: (progress: string) => void;
}

const RENEW_MS = 2_000;
/** After a failure, in milliseconds. */
const RETRY_MS = 500;
/** A renewal that takes longer counts as failed, in milliseconds. */
const ANSWER_MS = 3_000;

const TAKE = `
  INSERT INTO serving_node (slot, holder, token, until_ms, host, pid, clock_ms)
  VALUES (0, $1, 1, ${DATABASE_MS} + ${SERVING_LEASE_MS}, $2, $3, $4)
  ON CONFLICT (slot) DO UPDATE
     SET holder = excluded.holder, token = serving_node.token + 1, until_ms = excluded.until_ms, host = excluded.host, pid = excluded.pid
   WHERE serving_node.holder = excluded.holder OR serving_node.until_ms <= ${DATABASE_MS} OR serving_node.until_ms = $5
  RETURNING token, clock_ms, step_ms, stepped_ms, clock_accepted, ${DATABASE_MS} AS database_ms`;

const RENEW = `
  UPDATE serving_node
     SET until_ms = ${DATABASE_MS} + ${SERVING_LEASE_MS}, clock_ms = $3, offset_ms = $4, step_ms = $5, stepped_ms = $6,
         clock_accepted = clock_accepted AND stepped_ms IS NOT DISTINCT FROM $6
   WHERE holder = $1 AND token = $2
  RETURNING clock_accepted, ${DATABASE_MS} AS database_ms`;

const GIVE_UP = 'UPDATE serving_node SET until_ms = 0 WHERE holder = $1 AND token = $2';

const FIND = 'SELECT holder, host, pid, until_ms FROM serving_node';

type TakenRow = ClockRow & { token: bigint; database_ms: bigint };

interface HolderRow {
  holder: string;
  host: string;
  pid: number;
  until_ms: bigint;
}

/** Another server serves from this database. */
export class DatabaseServed extends OperatorError {
  override name = 'DatabaseServed';
}

function describeHolder({ holder, host, pid }: HolderRow): string {
  return `process ${pid} on ${host} (server ${holder})`;
}

/**
 * The right to serve from a database. Only one server may have it, because a server keeps decisions such as a block or the end of a device
 * in its own memory. The lease is a row that the server renews every two seconds. A server that ends gives it up, and that of a killed
 * server expires.
 *
 * The same statement shows whether the database responds, and what its clock shows. It has its own connection, so that a busy pool does not
 * cost the lease.
 */
export class ServingLease implements AsyncDisposable {
  /** Resolves with the reason when another server has taken the lease: this server must stop. */
  readonly lost: Promise<OperatorError>;
  readonly #options: ServingLeaseOptions;
  readonly #token: bigint;
  readonly #gate: LeaseGate;
  readonly #listeners = new Set<() => void>();
  #lose!: (reason: OperatorError) => void;
  #client: pg.Client | undefined;
  #timer: TimerHandle | undefined;
  #beating: Promise<void> | undefined;
  #isAnswering = true;
  #isLost = false;
  #isClosed = false;

  private constructor(options: ServingLeaseOptions, client: pg.Client, taken: { token: bigint; atMs: number }) {
    this.#options = options;
    this.#token = taken.token;
    this.#gate = new LeaseGate(options.clock);
    this.#gate.renewed(taken.atMs);
    this.lost = new Promise((resolve) => {
      this.#lose = resolve;
    });
    this.#keep(client);
    this.#later(0);
  }

  /**
   * Takes the lease; waits if it belongs to a server that no longer renews it.
   * @throws DatabaseServed when another server renews it; DatabaseUnavailable
   */
  static async take(options: ServingLeaseOptions): Promise<ServingLease> {
    const { clock, watch, holder, host, say } = options;
    const client = await connect(options.url);
    try {
      const startedMs = clock.monotonicMs();
      let seen: HolderRow | undefined;
      for (;;) {
        const atMs = clock.monotonicMs();
        const { clockMs } = watch.look();
        // A lease that was not renewed during the whole wait belongs to nobody, even if it seems to be valid for long because the
        // database's clock was set back.
        const stale = atMs - startedMs > SERVING_LEASE_MS + RENEW_MS ? (seen?.until_ms ?? null) : null;
        const { rows } = await client.query<TakenRow>(TAKE, [holder, host, process.pid, Math.round(clockMs), stale]);
        const [row] = rows;
        if (row) {
          watch.resume(clockRecordOf(row));
          watch.compare(clockMs - Number(row.database_ms));
          return new ServingLease(options, client, { token: row.token, atMs });
        }
        const [other] = (await client.query<HolderRow>(FIND)).rows;
        if (seen && other && seen.until_ms !== other.until_ms) {
          throw new DatabaseServed(
            `another server uses this database: ${describeHolder(other)}. Stop it first: only one server may serve from a database`,
          );
        }
        seen ??= other;
        if (other) say?.(`waiting for the lease of ${describeHolder(other)} to run out`);
        await delay(RETRY_MS);
      }
    } catch (error) {
      await client.end().catch(() => {});
      throw error;
    }
  }

  /** Whether the last renewal got a response. */
  get isAnswering(): boolean {
    return this.#isAnswering;
  }

  /** Calls `fn` after each renewal, successful or not. */
  listen(fn: () => void): void {
    this.#listeners.add(fn);
  }

  /** How long ago the last successful renewal was sent, in milliseconds. */
  get ageMs(): number {
    return this.#options.clock.monotonicMs() - this.#gate.renewedMs;
  }

  /** Awaited before each transaction: nothing is written while the lease may have expired. See `DatabaseOptions.gate`. */
  readonly gate = (): Promise<void> | undefined => this.#gate.gate();

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.#beating;
    const client = this.#client;
    this.#client = undefined;
    if (!client) return;
    try {
      if (!this.#isLost) await client.query(GIVE_UP, [this.#options.holder, this.#token]);
    } catch (error) {
      this.#options.log.debug({ err: error }, 'could not give up the lease; it runs out');
    }
    await client.end().catch(() => {});
  }

  #keep(client: pg.Client): void {
    this.#client = client;
    client.on('error', (error) => {
      if (this.#client !== client || this.#isClosed) return;
      this.#client = undefined;
      this.#options.log.debug({ err: error }, 'lost the connection that renews the lease');
      // At once, because others wait to know whether the database is down or only this connection was lost.
      this.#later(0);
    });
  }

  #later(ms: number): void {
    if (this.#isClosed || this.#isLost) return;
    this.#timer?.cancel();
    this.#timer = this.#options.clock.setTimeout(() => {
      this.#beating ??= this.#beat().finally(() => {
        this.#beating = undefined;
        this.#later(this.#isAnswering ? RENEW_MS : RETRY_MS);
      });
    }, ms);
  }

  /** Renews the lease once; never rejects. */
  async #beat(): Promise<void> {
    const { clock, watch, holder, log } = this.#options;
    try {
      if (!this.#client) this.#keep(await connect(this.#options.url));
      const client = this.#client!;
      const note = watch.look();
      const sentMs = clock.monotonicMs();
      const values = [holder, this.#token, ...[note.clockMs, watch.offsetMs, note.stepMs, note.steppedMs].map((ms) => (ms === undefined ? null : Math.round(ms)))];
      const { rows } = await client.query<{ clock_accepted: boolean; database_ms: bigint }>(RENEW, values);
      this.#answered(true);
      const [row] = rows;
      if (!row) return await this.#noteLost(client);
      this.#gate.renewed(sentMs);
      // Assumes that the database read its clock halfway between request and response.
      const middleMs = note.clockMs + (clock.monotonicMs() - sentMs) / 2;
      watch.compare(middleMs - Number(row.database_ms));
      if (row.clock_accepted && !note.isAccepted) watch.accept();
    } catch (error) {
      log.debug({ err: error }, 'could not renew the lease on the database');
      const client = this.#client;
      this.#client = undefined;
      client?.end().catch(() => {});
      this.#answered(false);
    }
    for (const listener of Array.from(this.#listeners)) listener();
  }

  #answered(isAnswering: boolean): void {
    if (isAnswering !== this.#isAnswering) {
      if (isAnswering) this.#options.log.info('the database answers again');
      else this.#options.log.error('the database does not answer');
    }
    this.#isAnswering = isAnswering;
  }

  async #noteLost(client: pg.Client): Promise<void> {
    const [other] = (await client.query<HolderRow>(FIND)).rows;
    const reason = new DatabaseServed(`another server has taken this database over: ${other ? describeHolder(other) : 'unknown'}. This one stops`);
    this.#options.log.error({ holder: other?.holder }, 'lost the lease on the database');
    this.#isLost = true;
    this.#gate.close(reason);
    this.#lose(reason);
  }
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'aerogram lease',
    connectionTimeoutMillis: ANSWER_MS,
    query_timeout: ANSWER_MS,
    statement_timeout: ANSWER_MS,
    keepAlive: true,
    types: columnTypes,
  });
  // Until a real listener is attached. If the connection ends before that, the next query fails.
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    throw new DatabaseUnavailable('the database cannot be reached', { cause: error });
  }
}
