import { type Clock, type ClockDoubt, type ClockNeed, createFakeClock, silentLogger } from '@aerogram/runtime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bucketOf, type JobContext, type JobKind, createJobRunner, defineJobKind, defineRecurringJob, jsonCodec } from '../../src/index.ts';
import type { JobRunner, LeaseHolder } from '../../src/index.ts';
import { enterNode, type TestDatabase, testDatabase } from '../../testing/index.ts';

const DAY_MS = 86_400_000;

let clock = createFakeClock();
let db: TestDatabase;
let runners: JobRunner[] = [];
let holders: Record<'node-1' | 'node-2' | 'node-3', LeaseHolder>;
beforeEach(async () => {
  clock = createFakeClock();
  db = await testDatabase({ clock });
  holders = { 'node-1': await enterNode(db, 'node-1'), 'node-2': await enterNode(db, 'node-2'), 'node-3': await enterNode(db, 'node-3') };
});
afterEach(async () => {
  await Promise.all(runners.map((runner) => runner[Symbol.asyncDispose]()));
  runners = [];
  await db[Symbol.asyncDispose]();
});

function startRunner(kinds: JobKind[], holder: keyof typeof holders = 'node-1', concurrency = 4): JobRunner {
  const runner = createJobRunner({ db, clock, log: silentLogger, holder: holders[holder], kinds, concurrency });
  runners.push(runner);
  runner.start();
  return runner;
}

type Payload = { text: string; id: bigint };

/** A kind whose runs are recorded and can be awaited. */
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

/** Advances the clock until the condition holds. */
async function advanceUntil(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await clock.advance(100);
}

test('a job runs soon after its transaction, and never if that is rolled back', async () => {
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

test('after the clock was moved, all jobs that are due are run at once, with those that they add, and the next one is known', async () => {
  const { kind, runs } = recording({
    async onRun({ id }, context) {
      if (id === 1n) await context.db.transact('add', (tx) => tx.job(kind.order(9n, { text: 'added', id: 9n })));
    },
  });
  const daily = defineRecurringJob({ kind: 'daily', everyMs: DAY_MS, run: () => Promise.resolve() });
  const startMs = clock.nowMs();
  // A clock whose timers do not fire, so that nothing but `runDue` makes the runner look for jobs.
  let aheadMs = 0;
  const moved: Clock = { ...clock, nowMs: () => clock.nowMs() + aheadMs, monotonicMs: () => clock.monotonicMs() + aheadMs, setTimeout: () => ({ cancel: () => undefined }), setInterval: () => ({ cancel: () => undefined }) };
  const runner = createJobRunner({ db, clock: moved, log: silentLogger, holder: holders['node-1'], kinds: [kind, daily] });
  runners.push(runner);
  for (const days of [1, 2, 3, 5]) await order(kind, BigInt(days), startMs + days * DAY_MS);
  runner.start();
  const signal = new AbortController().signal;
  await runner.runDue(signal);
  expect(runs).toEqual([]);
  expect(await runner.findNextMs()).toBe(startMs + DAY_MS);
  aheadMs = 3 * DAY_MS;
  await runner.runDue(signal);
  expect(runs.map(({ payload }) => Number(payload.id)).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 9]);
  expect(await runner.findNextMs()).toBe(startMs + 5 * DAY_MS);
});

test('waiting for jobs that are due ends when nobody waits for it any more', async () => {
  let finish = (): void => undefined;
  const { kind, ran } = recording({ onRun: () => new Promise((resolve) => (finish = resolve)) });
  const runner = startRunner([kind]);
  await order(kind, 1n);
  const ending = new AbortController();
  const waiting = runner.runDue(ending.signal);
  await ran(1);
  ending.abort();
  await waiting;
  finish();
});

test('a failing job is retried with growing pauses and finally marked as dead', async () => {
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

test('a job that completes itself in its transaction takes effect once', async () => {
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

test('only the holder of the leases runs jobs; another node takes over when it is gone', async () => {
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

  // The first node is lost, but does not know it and still runs jobs.
  await db.q.updateTable('nodes').set({ token: 0n }).where('name', '=', 'node-1').execute();
  await advanceUntil(() => second.runs.length === 2);
  expect(second.runs.map((run) => run.attempt)).toEqual([2, 2]);
  release();
  await holder[Symbol.asyncDispose]();
});

test('a job that kills its process every time is finally marked as dead', async () => {
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

test('never more than the allowed number run at a time, and all are done', async () => {
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

test('a recurring job runs repeatedly and is never marked as dead', async () => {
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

test('several nodes that start together create a recurring job once', async () => {
  const kind = defineRecurringJob({ kind: 'sweep', everyMs: 3_600_000, run: () => Promise.resolve() });
  for (const holder of ['node-1', 'node-2', 'node-3'] as const) startRunner([kind], holder);
  const isDone = async (): Promise<boolean> => {
    const rows = await db.q.selectFrom('jobs').select('run_ms').execute();
    return rows.length > 0 && rows.every((row) => row.run_ms > BigInt(clock.nowMs()));
  };
  await advanceUntil(isDone);
  await Promise.all(runners.map((runner) => runner.drain()));
  expect(await countJobs()).toBe(1);
});

test('jobs that wait for something else do not take the places of the rest', async () => {
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

describe('a clock that was ahead', () => {
  const YEAR_MS = 365 * 86_400_000;
  let aheadMs = 0;

  /** The same clock, with an error that the test sets. */
  function startWrong(kinds: JobKind[], doubt?: ClockDoubt): void {
    const wrong = { ...clock, nowMs: () => clock.nowMs() + aheadMs, now: () => Math.floor((clock.nowMs() + aheadMs) / 1000) };
    const runner = createJobRunner({ db, clock: wrong, log: silentLogger, holder: holders['node-1'], kinds, doubt });
    runners.push(runner);
    runner.start();
  }

  test.each(['while the server runs', 'before it starts again'])('stops no recurring job after it was corrected %s', async (when) => {
    const times: number[] = [];
    const kind = defineRecurringJob({ kind: 'tick', everyMs: 60_000, run: () => Promise.resolve(void times.push(clock.nowMs())) });
    aheadMs = 0;
    startWrong([kind]);
    await advanceUntil(() => times.length === 1);
    aheadMs = YEAR_MS;
    await advanceUntil(() => times.length === 2);
    await advanceUntil(async () => (await db.q.selectFrom('jobs').select('run_ms').executeTakeFirstOrThrow()).run_ms > BigInt(clock.nowMs() + YEAR_MS));
    aheadMs = 0;
    if (when === 'before it starts again') {
      await runners.pop()![Symbol.asyncDispose]();
      startWrong([kind]);
    }
    const startedMs = clock.nowMs();
    await advanceUntil(() => times.length === 4);
    // The test's clock advances while the database works.
    expect(clock.nowMs() - startedMs).toBeLessThan(YEAR_MS / 100);
  });

  test('delays neither failed attempts nor jobs to run at once, and does not hurry jobs for a specific time', async () => {
    const { kind, runs } = recording();
    const dueMs = clock.nowMs() + 2 * YEAR_MS;
    const row = { bucket: bucketOf(5n), owner_id: 5n, kind: 'greet', payload: Buffer.from('{"text":"hi","id":{"$n":"5"}}') };
    const aheadNowMs = clock.nowMs() + YEAR_MS;
    await db.q
      .insertInto('jobs')
      .values([
        { ...row, job_id: 1n, run_ms: BigInt(aheadNowMs), attempts: 0, created_date: Math.floor(aheadNowMs / 1000) },
        { ...row, job_id: 2n, run_ms: BigInt(aheadNowMs + 60_000), attempts: 3, created_date: clock.now() },
        { ...row, job_id: 3n, run_ms: BigInt(dueMs), attempts: 0, created_date: Math.floor(aheadNowMs / 1000) },
        { ...row, job_id: 4n, run_ms: BigInt(dueMs), attempts: 0, created_date: clock.now() },
      ])
      .execute();
    startWrong([kind]);
    await advanceUntil(() => runs.length === 2);
    const left = async (): Promise<bigint[]> => (await db.q.selectFrom('jobs').select('job_id').orderBy('job_id').execute()).map((job) => job.job_id);
    // A job's row is deleted after its run.
    await advanceUntil(async () => (await left()).length === 2);
    await clock.advance(10_000);
    expect(await left()).toEqual([3n, 4n]);
    expect(new Set(runs.map((run) => run.attempt))).toEqual(new Set([1, 4]));
  });

  test('runs nothing that depends on the date while the clock is not reliable', async () => {
    const ran: string[] = [];
    const tick = (kind: string, clockNeed?: ClockNeed): JobKind =>
      defineRecurringJob({ kind, everyMs: 1000, clockNeed, run: () => Promise.resolve(void ran.push(kind)) });
    const doubted = new Set<ClockNeed>(['steady', 'proven']);
    startWrong([tick('any'), tick('steady', 'steady'), tick('proven', 'proven')], (need) => (doubted.has(need) ? 'it jumped' : undefined));
    await advanceUntil(() => ran.length >= 3);
    expect(new Set(ran)).toEqual(new Set(['any']));
    doubted.delete('steady');
    await advanceUntil(() => ran.includes('steady'));
    expect(ran).not.toContain('proven');
    doubted.clear();
    await advanceUntil(() => ran.includes('proven'));
  });
});
