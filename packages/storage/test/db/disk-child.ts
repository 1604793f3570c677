/**
 * Runs the storage of a server on its own small disk and fills that disk. Arguments: data directory, bin directory or ''. Prints its
 * observations as one line of JSON.
 */
import { closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { silentLogger, systemClock } from '@aerogram/runtime';
import { type Database, DiskFull, createDiskGuard, createJobRunner, defineRecurringJob, openDatabase, startEmbedded, sql } from '../../src/index.ts';
import { enterNode } from '../../testing/index.ts';

const MIB = 2 ** 20;
const BALLAST = 64 * MIB;
const [dataDir, binDir] = process.argv.slice(2);
const disk = path.dirname(dataDir!);
const filler = path.join(disk, 'filler');
const seen: Record<string, unknown> = {};

const freeNow = (): number => {
  const { bavail, bsize } = statfsSync(disk);
  return bavail * bsize;
};

/** Fills the disk until only this much space is left. */
function fill(leave: number): void {
  const file = openSync(filler, 'a');
  const block = Buffer.alloc(MIB);
  try {
    while (freeNow() > leave) writeSync(file, block);
  } catch {
    // Full to the last byte.
  }
  closeSync(file);
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let waited = 0; !(await condition()); waited += 20) {
    if (waited > 60_000) throw new Error(`waited in vain; so far: ${JSON.stringify(seen)}`);
    await delay(20);
  }
}

async function open(everyMs: number) {
  const guard = await createDiskGuard({ dataDir: dataDir!, ballastBytes: BALLAST, minFreeBytes: 2048 * MIB, minFreePercent: 10, clock: systemClock, log: silentLogger, everyMs });
  const postgres = await startEmbedded({ dataDir: dataDir!, log: silentLogger, engine: binDir ? { binDir } : 'embedded', onDiskFull: () => guard.giveUpBallast() });
  const db = await openDatabase({ url: postgres.url, poolSize: 2, log: silentLogger, clock: systemClock, refusal: () => guard.refusal });
  return {
    guard,
    postgres,
    db,
    async close() {
      await db[Symbol.asyncDispose]();
      await postgres.stop();
      await guard[Symbol.asyncDispose]();
    },
  };
}

let acknowledged = 0n;
const write = (db: Database): Promise<void> =>
  db.transact('write', async (tx) => {
    const job = { owner_id: 1n, kind: 'row', payload: Buffer.alloc(100_000, 1), attempts: 1, created_date: 1, dead_date: 1, error: '' };
    await tx.q.insertInto('dead_jobs').values({ ...job, job_id: acknowledged + 1n }).execute();
    tx.afterCommit(() => void acknowledged++);
  });
const count = async (db: Database): Promise<bigint> =>
  (await db.q.selectFrom('dead_jobs').select(({ fn }) => fn.countAll<bigint>().as('n')).executeTakeFirstOrThrow()).n;
const isRefused = async (db: Database): Promise<boolean> => {
  try {
    await write(db);
    return false;
  } catch (error) {
    return error instanceof DiskFull;
  }
};

// The disk fills slowly: the disk guard notices in time.
{
  const { db, guard, close } = await open(50);
  await db.migrate();
  let runs = 0;
  const kind = defineRecurringJob({ kind: 'tick', everyMs: 1, run: async () => void runs++ });
  const holder = await enterNode(db, 'node');
  const runner = createJobRunner({ db, clock: systemClock, log: silentLogger, holder, kinds: [kind] });
  runner.start();
  await until(() => runs > 0);
  for (let n = 0; n < 20; n++) await write(db);
  fill(30 * MIB);
  await until(() => guard.refusal !== undefined);
  seen['words'] = guard.refusal!.message;
  seen['refused'] = await isRefused(db);
  await delay(200);
  const before = runs;
  await delay(2500);
  seen['jobs while full'] = runs - before;
  seen['read while full'] = (await count(db)) === acknowledged;
  rmSync(filler);
  await until(() => guard.refusal === undefined);
  seen['written after'] = !(await isRefused(db));
  await until(() => runs > before);
  await runner[Symbol.asyncDispose]();
  await close();
}

// The disk fills at once, between two checks: the database panics because it cannot create a WAL segment.
{
  const { db, guard, postgres, close } = await open(3_600_000);
  const firstPid = postgres.pid;
  const lose = async (): Promise<void> => {
    for (;;) {
      await write(db);
      await sql`SELECT pg_switch_wal()`.execute(db.q);
    }
  };
  fill(0);
  seen['panic'] = await lose().catch((error: unknown) => (error as Error).name);
  // Some writes fail for lack of space before the WAL does. Without a new record, pg_switch_wal asks for no new segment.
  const fillWal = sql`SELECT pg_logical_emit_message(true, 'fill', repeat('x', 1000000)), pg_switch_wal()`;
  while (guard.refusal === undefined) await fillWal.execute(db.q).catch(() => delay(50));
  await until(async () => (await count(db).catch(() => -1n)) >= 0n);
  seen['another database process'] = postgres.pid !== firstPid;
  seen['nothing acknowledged is lost'] = (await count(db)) >= acknowledged;
  seen['read only after'] = await isRefused(db);
  await guard.check();
  seen['still read only'] = await isRefused(db);
  rmSync(filler);
  await guard.check();
  acknowledged = await count(db);
  seen['written at last'] = !(await isRefused(db));
  await close();
}
console.log(JSON.stringify(seen));
