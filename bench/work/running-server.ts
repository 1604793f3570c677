import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ServerInfo } from '@aerogram/dev-env/load';
import { silentLogger } from '@aerogram/runtime';
import { type EmbeddedPostgres, startEmbedded } from '@aerogram/storage';
import pg from 'pg';
import { StatementCounter } from './count-statements.ts';
import { SERVER_ARGUMENT } from './counted-server.ts';
import type { Answers, Order, Said } from './orders.ts';

/** Settings with which PostgreSQL writes WAL for the counted statements only: no autovacuum, full pages or checkpoints. */
const DATABASE_SETTINGS = { autovacuum: 'off', full_page_writes: 'off', fsync: 'off', checkpoint_timeout: '1d', max_wal_size: '8GB', wal_level: 'minimal', max_wal_senders: '0' };

/** The server counts as quiet when nothing has happened for so long, in milliseconds. */
const QUIET_MS = 25;
/** How long to wait for that, in milliseconds. */
const PATIENCE_MS = 20_000;
/** Between two counts the clock moves on by so many steps of this length, in milliseconds. Indexing and jobs then run, and rate limits end. */
const STEP_MS = 20_000;
const STEPS = 3;
const MINUTE_MS = 60_000;

/** A server whose work is counted, in a process of its own, with a fresh database. */
export class RunningServer implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #database: EmbeddedPostgres;
  readonly #root: string;
  readonly statements: StatementCounter;
  /** A connection of its own to the database, which nobody counts. */
  readonly sql: pg.Client;
  readonly info: ServerInfo;
  /** When a packet last arrived at any client, by `performance.now()`. The stage sets it for each packet. */
  lastArrivalMs = 0;
  #waiting: { resolve: (answer: never) => void; reject: (error: Error) => void } | undefined;

  private constructor(parts: { child: ChildProcess; database: EmbeddedPostgres; root: string; statements: StatementCounter; sql: pg.Client; info: ServerInfo }) {
    this.#child = parts.child;
    this.#database = parts.database;
    this.#root = parts.root;
    this.statements = parts.statements;
    this.sql = parts.sql;
    this.info = parts.info;
    this.#child.on('message', (said: Said) => {
      const waiting = this.#waiting;
      this.#waiting = undefined;
      if ('error' in said) waiting?.reject(new Error(said.error));
      // `{ answer: undefined }` arrives as `{}`.
      else waiting?.resolve(('answer' in said ? said.answer : undefined) as never);
    });
  }

  /** @param node the Node that runs the server */
  static async start(node: string): Promise<RunningServer> {
    const root = mkdtempSync(join(tmpdir(), 'aerogram-work-'));
    const database = await startEmbedded({ dataDir: join(root, 'database'), log: silentLogger, settings: DATABASE_SETTINGS });
    const counted = mkdtempSync(join(root, 's-'));
    const statements = await StatementCounter.listen(counted, database.socketDir);
    const url = database.url.replaceAll(encodeURIComponent(database.socketDir), encodeURIComponent(counted)).replaceAll(database.socketDir, counted);
    const sql = new pg.Client({ connectionString: database.url });
    await sql.connect();
    const child = fork(process.argv[1]!, [SERVER_ARGUMENT, join(root, 'data'), url], { execPath: node, execArgv: ['--enable-source-maps'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const [said] = (await Promise.race([once(child, 'message'), once(child, 'exit').then(() => Promise.reject(new Error('the server did not start')))])) as [Said];
    if (!('ready' in said)) throw new Error('the server did not say that it is ready');
    return new RunningServer({ child, database, root, statements, sql, info: said.ready });
  }

  /** Tells the server what to do, one order after the other. */
  tell<O extends Order>(order: O): Promise<Answers[O['do']]> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#child.send(order);
    });
  }

  /** Moves the date on by a minute without firing timers, so that rate limits let more calls through. */
  passMinute(): Promise<void> {
    return this.tell({ do: 'jump', ms: MINUTE_MS });
  }

  /** Waits until the database has answered everything and nothing more arrives at clients. */
  async settle(): Promise<void> {
    const until = performance.now() + PATIENCE_MS;
    while (!this.statements.isIdle || performance.now() - Math.max(this.statements.lastAtMs, this.lastArrivalMs) < QUIET_MS) {
      if (performance.now() > until) throw new Error('the server does not become quiet');
      await delay(2);
    }
  }

  /** Moves the clock on until indexing, jobs and timers that are due have run. */
  becomeQuiet(): Promise<void> {
    return this.passTime(STEPS, STEP_MS);
  }

  /** Moves the clock on in steps, and waits after each until the server is quiet. @param stepMs milliseconds */
  async passTime(steps: number, stepMs: number): Promise<void> {
    for (let step = 0; step < steps; step++) {
      await this.tell({ do: 'advance', ms: stepMs });
      await this.settle();
    }
  }

  /** Length of the database's WAL since it was created, in bytes. */
  async walBytes(): Promise<number> {
    const { rows } = await this.sql.query<{ bytes: string }>(`SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn AS bytes`);
    return Number(rows[0]!.bytes);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, 'exit');
    if (this.#child.connected) this.#child.disconnect();
    await ended;
    await this.sql.end();
    await this.statements[Symbol.asyncDispose]();
    await this.#database.stop();
    rmSync(this.#root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}
