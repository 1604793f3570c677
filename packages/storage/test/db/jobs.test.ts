import { createFakeClock, silentLogger } from '@aerogram/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type JobContext, type JobKind, createJobRunner, defineJobKind, defineRecurringJob, jsonCodec } from '../../src/index.ts';
import type { JobRunner } from '../../src/index.ts';
import { type TestDatabase, testDatabase } from '../../src/testing.ts';

let clock = createFakeClock();
let db: TestDatabase;
let runners: JobRunner[] = [];
beforeEach(async () => {
  clock = createFakeClock();
  db = await testDatabase({ clock });
});
afterEach(async () => {
  await Promise.all(runners.map((runner) => runner[Symbol.asyncDispose]()));
  runners = [];
  await db[Symbol.asyncDispose]();
});

function startRunner(kinds: JobKind[], holder = 'node-1', concurrency = 4): JobRunner {
  const runner = createJobRunner({ db, clock, log: silentLogger, holder, kinds, concurrency });
  runners.push(runner);
  runner.start();
  return runner;
}

type Payload = { text: string; id: bigint };

/** A kind whose runs are recorded and can be waited for. */
function recording(options: { onRun?: (payload: Payload, context: JobContext) => Promise<void>; maxAttempts?: number } = {}) {
  const runs: { payload: Payload; attempt: number }[] = [];
  const waiters: { count: number; resolve: () => void }[] = [];
  const kind = defineJobKind<Payload>({
    kind: 'greet',
    codec: jsonCodec(),
    maxAttempts: options.maxAttempts,
    async run(payload, context) {
      runs.push({ payload, attempt: context.attempt });
      for (const waiter of waiters) if (runs.length >= waiter.count) waiter.resolve();
      await options.onRun?.(payload, context);
    },
  });
  const ran = (count: number): Promise<void> =>
    new Promise((resolve) => {
      waiters.push({ count, resolve });
      if (runs.length >= count) resolve();
    });
  return { kind, runs, ran };
}

const order = (kind: ReturnType<typeof recording>['kind'], id: bigint, runAtMs?: number): Promise<void> =>
  db.transact('order', (tx) => tx.job(kind.order(id, { text: 'hi', id }, runAtMs)));

const countJobs = async (): Promise<number> => (await db.q.selectFrom('jobs').select('job_id').execute()).length;

/** Moves the clock until the condition holds. */
async function advanceUntil(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await clock.advance(100);
}

test('a job runs soon after its transaction and never without it', async () => {
  const { kind, runs, ran } = recording();
  startRunner([kind]);
  await expect(
    db.transact('order', async (tx) => {
      await tx.job(kind.order(1n, { text: 'never', id: 1n }));
      throw new Error('rolled back');
    }),
  ).rejects.toThrow('rolled back');
  await order(kind, 5n);
  await ran(1);
  await advanceUntil(async () => (await countJobs()) === 0);
  expect(runs).toEqual([{ payload: { text: 'hi', id: 5n }, attempt: 1 }]);
});

test('a delayed job waits for its time', async () => {
  const { kind, runs, ran } = recording();
  startRunner([kind]);
  await order(kind, 1n, clock.nowMs() + 60_000);
  await clock.advance(59_000);
  expect(runs).toEqual([]);
  const startedMs = clock.nowMs();
  await advanceUntil(() => runs.length > 0);
  await ran(1);
  expect(clock.nowMs() - startedMs).toBeGreaterThanOrEqual(1000);
});

test('a failing job is tried again later and later, then it is dead', async () => {
  const times: number[] = [];
  const { kind, runs } = recording({
    maxAttempts: 4,
    async onRun() {
      times.push(clock.nowMs());
      throw new Error('always');
    },
  });
  startRunner([kind]);
  await order(kind, 9n);
  await advanceUntil(async () => (await db.q.selectFrom('dead_jobs').select('job_id').execute()).length === 1);
  expect(runs.map((run) => run.attempt)).toEqual([1, 2, 3, 4]);
  const pauses = times.slice(1).map((time, i) => time - times[i]!);
  expect(pauses[0]).toBeGreaterThanOrEqual(1000);
  expect(pauses[1]).toBeGreaterThanOrEqual(2000);
  expect(pauses[2]).toBeGreaterThanOrEqual(4000);
  const dead = await db.q.selectFrom('dead_jobs').selectAll().executeTakeFirstOrThrow();
  expect(dead).toMatchObject({ kind: 'greet', owner_id: 9n, attempts: 4, error: 'Error: always' });
  expect(await countJobs()).toBe(0);
});

test('a job that ends itself in its transaction has its effect once', async () => {
  let isFirst = true;
  const { kind, runs } = recording({
    async onRun(_payload, context) {
      await context.db.transact('effect', async (tx) => {
        (await tx.lockCounters([context.ownerId])).get(context.ownerId)!.pts += 1;
        await context.done(tx);
      });
      if (isFirst) {
        isFirst = false;
        throw new Error('after the effect');
      }
    },
  });
  startRunner([kind]);
  await order(kind, 7n);
  await advanceUntil(async () => (await countJobs()) === 0 && runs.length > 0);
  await clock.advance(10_000);
  expect(runs).toHaveLength(1);
  expect((await db.q.selectFrom('counters').select('pts').executeTakeFirstOrThrow()).pts).toBe(2);
});

test('only the holder of the leases works; another node takes over when it is gone', async () => {
  let release = (): void => {};
  const stuck = new Promise<void>((resolve) => {
    release = resolve;
  });
  const first = recording({ onRun: () => stuck });
  const second = recording();
  const holder = startRunner([first.kind], 'node-1');
  await order(first.kind, 3n);
  await first.ran(1);
  startRunner([second.kind], 'node-2');
  await order(second.kind, 4n);
  await first.ran(2);
  await clock.advance(30_000);
  expect(second.runs).toEqual([]);

  // The first node stops renewing, as a dead one would, and its lease runs out under the jobs that it still does.
  await db.q.updateTable('leases').set({ holder: 'gone', until_ms: BigInt(clock.nowMs()) }).execute();
  await advanceUntil(async () => {
    const leases = await db.q.selectFrom('leases').select('holder').execute();
    return leases.every((lease) => lease.holder !== 'gone');
  });
  await db.q.updateTable('leases').set({ holder: 'node-2' }).execute();
  await advanceUntil(() => second.runs.length === 2);
  expect(second.runs.map((run) => run.attempt)).toEqual([2, 2]);
  release();
  await holder[Symbol.asyncDispose]();
});

test('a job that kills its process every time is dead at last', async () => {
  const { kind, runs } = recording({ maxAttempts: 3 });
  await order(kind, 2n);
  await db.q.updateTable('jobs').set({ attempts: 3 }).execute();
  startRunner([kind]);
  await advanceUntil(async () => (await db.q.selectFrom('dead_jobs').select('job_id').execute()).length === 1);
  expect(runs).toEqual([]);
});

test('kinds that this node does not know are left alone', async () => {
  const { kind } = recording();
  startRunner([defineJobKind({ kind: 'other', codec: jsonCodec(), run: async () => {} })]);
  await order(kind, 2n);
  await clock.advance(5000);
  expect(await countJobs()).toBe(1);
});

test('never more at a time than allowed, and all get done', async () => {
  let running = 0;
  let most = 0;
  const { kind, runs } = recording({
    async onRun() {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    },
  });
  startRunner([kind], 'node-1', 3);
  await db.transact('order', async (tx) => {
    for (let id = 1n; id <= 40n; id++) await tx.job(kind.order(id, { text: '', id }));
  });
  await advanceUntil(async () => (await countJobs()) === 0);
  expect(most).toBeLessThanOrEqual(3);
  expect(runs.map((run) => run.payload.id).sort((a, b) => Number(a - b))).toEqual(Array.from({ length: 40 }, (_, i) => BigInt(i + 1)));
});

test('draining waits for running jobs and tells them to stop when its time is over', async () => {
  let aborted = false;
  const { kind, ran } = recording({
    onRun: (_payload, context) =>
      new Promise((resolve) => {
        context.signal.addEventListener('abort', () => {
          aborted = true;
          resolve();
        });
      }),
  });
  const runner = startRunner([kind]);
  await order(kind, 1n);
  await ran(1);
  const deadline = new AbortController();
  const drained = runner.drain(deadline.signal);
  await order(kind, 2n);
  await clock.advance(5000);
  expect(aborted).toBe(false);
  deadline.abort();
  await drained;
  expect(aborted).toBe(true);
  expect(await countJobs()).toBe(1);
});

test('a recurring job runs again and again, and never dies', async () => {
  const times: number[] = [];
  const kind = defineRecurringJob({
    kind: 'sweep',
    everyMs: 3_600_000,
    async run() {
      times.push(clock.nowMs());
      if (times.length <= 2) throw new Error('not yet');
    },
  });
  startRunner([kind]);
  await advanceUntil(() => times.length === 3);
  await advanceUntil(async () => (await db.q.selectFrom('jobs').select('attempts').executeTakeFirstOrThrow()).attempts === 0);
  expect(await countJobs()).toBe(1);
  expect(times[2]! - times[1]!).toBeGreaterThanOrEqual(2000);
  await clock.advance(3_000_000);
  expect(times).toHaveLength(3);
  await advanceUntil(() => times.length === 4);
  expect(times[3]! - times[2]!).toBeGreaterThanOrEqual(3_600_000);
  expect(await db.q.selectFrom('dead_jobs').select('job_id').execute()).toEqual([]);
});

test('several nodes that start together order a recurring job once', async () => {
  const kind = defineRecurringJob({ kind: 'sweep', everyMs: 3_600_000, run: () => Promise.resolve() });
  for (const holder of ['node-1', 'node-2', 'node-3']) startRunner([kind], holder);
  const isDone = async (): Promise<boolean> => {
    const rows = await db.q.selectFrom('jobs').select('run_ms').execute();
    return rows.length > 0 && rows.every((row) => row.run_ms > BigInt(clock.nowMs()));
  };
  await advanceUntil(isDone);
  await Promise.all(runners.map((runner) => runner.drain()));
  expect(await countJobs()).toBe(1);
});

test('jobs that wait for others leave the place of the rest alone', async () => {
  const slow = defineJobKind<{ id: bigint }>({
    kind: 'dawdle',
    codec: jsonCodec(),
    isSlow: true,
    run: (_payload, { signal }) =>
      new Promise((_resolve, reject) => {
        if (signal.aborted) reject(new Error('stopped'));
        signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
      }),
  });
  const { kind, ran, runs } = recording();
  const runner = startRunner([slow, kind], 'node-1', 2);
  for (let id = 1n; id <= 6n; id++) await db.transact('order', (tx) => tx.job(slow.order(id, { id })));
  await order(kind, 1n);
  await ran(1);
  await order(kind, 2n);
  await ran(2);
  expect(runs).toHaveLength(2);
  await advanceUntil(async () => (await db.q.selectFrom('jobs').select('job_id').where('attempts', '>', 0).execute()).length === 2);
  await runner.drain(AbortSignal.abort());
});
