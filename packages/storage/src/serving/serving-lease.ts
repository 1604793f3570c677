import { setTimeout as delay } from 'node:timers/promises';
import { type Clock, type ClockWatch, type Logger, OperatorError, type TimerHandle } from '@aerogram/runtime';
import pg from 'pg';
import { columnTypes } from '../database/column-types.ts';
import { DatabaseUnavailable } from '../database/errors.ts';
import { LeaseGate, SERVING_LEASE_MS } from './lease-gate.ts';
import { type ClockRow, clockRecordOf, DATABASE_MS } from './serving-state.ts';

export interface ServingLeaseOptions {
  url: string;
  /** Names the server; the same after a restart. */
  holder: string;
  /** Of the computer, for the message that another server reads. */
  host: string;
  /** Runs the timers and measures; not the clock that is judged. */
  clock: Clock;
  /** Judges the server's clock; what it finds is noted in the database. */
  watch: ClockWatch;
  log: Logger;
  /** Told of what a start waits for. */
  say?: (progress: string) => void;
}

const RENEW_MS = 2_000;
/** After a failure. */
const RETRY_MS = 500;
/** An answer that takes longer is none. */
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
 * The right to serve from a database. Only one server may have it, because what one decides, such as a block or the end of a device,
 * is in the memory of no other. It is a row that the server renews every two seconds; a server that ends gives it up, and that of a
 * killed one runs out.
 *
 * The same statement tells whether the database answers, and what its clock shows. It has a connection of its own, so that a busy
 * pool does not cost the lease.
 */
export class ServingLease implements AsyncDisposable {
  /** Resolves with the reason when another server has the lease: this one must stop. */
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
   * Takes the lease. It waits for one that is not renewed any more.
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
        // One that was not renewed all the time is nobody's, also when the database's clock went back and it seems to hold for long.
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

  /** Whether the database answered last time. */
  get isAnswering(): boolean {
    return this.#isAnswering;
  }

  /** Calls `fn` after each answer, and after each that failed to come. */
  listen(fn: () => void): void {
    this.#listeners.add(fn);
  }

  /** How long ago the renewal was asked for that came about last, in milliseconds. */
  get ageMs(): number {
    return this.#options.clock.monotonicMs() - this.#gate.renewedMs;
  }

  /** To be waited for before each transaction: while the lease may have run out nothing is written. See `DatabaseOptions.gate`. */
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
      // At once: whether the database is gone, or only this connection, is what others wait to know.
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
      // The database looked at its clock in the middle, more or less.
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
  // Until somebody listens: a connection that ends in between fails the next query.
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    throw new DatabaseUnavailable('the database cannot be reached', { cause: error });
  }
}
