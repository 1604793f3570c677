import { setTimeout as delay } from 'node:timers/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seedUserId, type SeedPlan } from '@aerogram/cli/seed';
import { startServerProcess, type ServerProcess } from '@aerogram/dev-env/load';
import { seededRandom, silentLogger, systemClock } from '@aerogram/runtime';
import { type Database, openDatabase, sql } from '@aerogram/storage';
import type { BenchOptions } from '../measure.ts';
import { BOUNDS, ratioTo } from '../bounds.ts';
import type { Row } from '../row.ts';
import { seededDirectory } from '../server-bench.ts';

/** A checkpoint ends before there is more than max_wal_size (512 MB) to replay: this is as good as the most. */
const MOST_WAL_BYTES = 440e6;
const WAL_PATIENCE_MS = 300_000;
/** Owners whose dialogs are written in one transaction. */
const OWNERS = 2000;
const MB = 1e6;

/** How long a server with much in its database takes until clients may come: after a stop, and after it was killed. */
export async function benchStart(options: BenchOptions): Promise<Row[]> {
  const { dataDir, plan } = await seededDirectory(options);
  const what = `${plan.users.toLocaleString('en-US')} accounts, ${plan.messages.toLocaleString('en-US')} messages`;
  const emptySeconds = await timeEmptyStart();
  await using server = await startServerProcess({ dataDir, env: { AEROGRAM_LOG_LEVEL: 'warn' }, readyTimeoutMs: 300_000 });
  await server.stop();
  const stopped = await timeStart(server);
  const walBytes = await writeUntilMostWal(server, plan);
  await server.killDatabase();
  await server.kill('SIGKILL');
  const killed = await timeStart(server);
  const words = killed.progress.size === 0 ? 'nothing' : [...killed.progress].map((word) => `“${word}”`).join(', ');
  return [
    { name: `start with ${what}`, figures: { 's until ready': stopped.seconds }, ratios: [ratioTo(BOUNDS.start, stopped.seconds, emptySeconds)] },
    {
      name: '  after kill -9 of server and database', figures: { 's until ready': killed.seconds, 'MB of log to replay': walBytes / MB },
      ratios: [ratioTo(BOUNDS.recovery, killed.seconds, stopped.seconds)], note: `/readyz said ${words}`,
    },
    { name: '  the second start with an empty database', figures: { 's until ready': emptySeconds } },
  ];
}

/** The same with a database in which nobody is: what a start takes at least. */
async function timeEmptyStart(): Promise<number> {
  await using server = await startServerProcess({ env: { AEROGRAM_LOG_LEVEL: 'warn' } });
  await server.stop();
  return (await timeStart(server)).seconds;
}

/** Starts the server and collects what `/readyz` says until it is ready. */
async function timeStart(server: ServerProcess): Promise<{ seconds: number; progress: Set<string> }> {
  const { port } = server.info.http;
  const progress = new Set<string>();
  const started = performance.now();
  let isReady = false;
  const watch = (async () => {
    while (!isReady) {
      await delay(50);
      try {
        const answer = (await (await fetch(`http://127.0.0.1:${port}/readyz`)).json()) as { progress?: string };
        // Numbers go up all the time; the words are what there is to tell.
        if (answer.progress !== undefined) progress.add(answer.progress.replaceAll(/\d+([./]\d+)*/g, 'n'));
      } catch {
        // Not listening yet.
      }
    }
  })();
  try {
    await server.start();
  } finally {
    isReady = true;
  }
  const seconds = (performance.now() - started) / 1000;
  await watch;
  return { seconds, progress };
}

/** Writes here and there in the database until as much of its log as possible would have to be replayed. @returns how much */
async function writeUntilMostWal(server: ServerProcess, plan: SeedPlan): Promise<number> {
  await using db = await openDatabase({ url: findDatabaseUrl(server.dataDir), poolSize: 2, log: silentLogger, clock: systemClock });
  const random = seededRandom(5);
  const started = performance.now();
  let bytes = 0;
  while (bytes < MOST_WAL_BYTES && performance.now() - started < WAL_PATIENCE_MS) {
    const owners = Array.from({ length: OWNERS }, () => seedUserId(plan, random.uint31() % plan.users));
    await db.transact('bench-write', async (tx) => {
      await sql`UPDATE dialogs SET draft_date = draft_date + 1 WHERE owner_id = ANY (${owners}::int8[])`.execute(tx.q);
    });
    bytes = await unreplayed(db);
  }
  return bytes;
}

async function unreplayed(db: Database): Promise<number> {
  const { rows } = await sql<{ bytes: string }>`SELECT pg_current_wal_lsn() - redo_lsn AS bytes FROM pg_control_checkpoint()`.execute(db.q);
  return Number(rows[0]!.bytes);
}

/** PostgreSQL writes the directory of its socket into the fifth line of `postmaster.pid`. */
export function findDatabaseUrl(dataDir: string): string {
  const socketDir = readFileSync(join(dataDir, 'postgres-18', 'postmaster.pid'), 'utf8').split('\n')[4]!;
  return `postgresql://aerogram@localhost/postgres?host=${encodeURIComponent(socketDir)}`;
}
