import { ClockWatch, createFakeClock } from '@aerogram/runtime';
import type { DueJobs } from '@aerogram/storage';
import { describe, expect, test } from 'vitest';
import { createKitClock, MOVE_MAX_MS } from '../src/kit-clock.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

function createStage() {
  const real = createFakeClock();
  const clock = createKitClock(real);
  const fired: string[] = [];
  const note = (name: string) => (): void => void fired.push(name);
  return { real, clock, fired, note };
}

test('shows real time until it is moved, and goes on with real time after it', async () => {
  const { real, clock } = createStage();
  const [startMs, startMonotonicMs] = [real.nowMs(), real.monotonicMs()];
  expect([clock.nowMs(), clock.now(), clock.monotonicMs()]).toEqual([startMs, Math.floor(startMs / 1000), startMonotonicMs]);
  await clock.move(2 * DAY_MS);
  expect([clock.nowMs(), clock.now(), clock.monotonicMs()]).toEqual([startMs + 2 * DAY_MS, Math.floor(startMs / 1000) + 172_800, startMonotonicMs + 2 * DAY_MS]);
  await real.advance(1500);
  expect(clock.nowMs()).toBe(startMs + 2 * DAY_MS + 1500);
});

test('fires timers by real time as long as it is not moved', async () => {
  const { real, clock, fired, note } = createStage();
  clock.setTimeout(note('once'), 1000);
  const every = clock.setInterval(note('every'), 400);
  clock.setTimeout(note('cancelled'), 500).cancel();
  await real.advance(1000);
  expect(fired).toEqual(['every', 'every', 'once']);
  every.cancel();
  await real.advance(1000);
  expect(fired).toHaveLength(3);
  expect(real.pendingTimers()).toBe(0);
});

describe('a move', () => {
  test('fires what becomes due, in the order in which it is due, and nothing else', async () => {
    const { real, clock, fired, note } = createStage();
    clock.setTimeout(note('in a day'), DAY_MS);
    clock.setTimeout(note('in a minute'), MINUTE_MS);
    clock.setTimeout(note('in two days'), 2 * DAY_MS);
    await clock.move(DAY_MS);
    expect(fired).toEqual(['in a minute', 'in a day']);
    await real.advance(DAY_MS);
    expect(fired).toEqual(['in a minute', 'in a day', 'in two days']);
  });

  test('fires an interval once, however often it would have fired, and again after its time', async () => {
    const { real, clock, fired, note } = createStage();
    clock.setInterval(note('tick'), 1000);
    await clock.move(30 * DAY_MS);
    expect(fired).toEqual(['tick']);
    await real.advance(1000);
    expect(fired).toEqual(['tick', 'tick']);
  });

  test('does not fire what an earlier timer has cancelled, and waits for what timers begin', async () => {
    const { clock, fired, note } = createStage();
    const later = clock.setTimeout(note('cancelled'), 2000);
    clock.setTimeout(() => {
      later.cancel();
      void Promise.resolve().then(() => new Promise((resolve) => setImmediate(resolve))).then(note('begun'));
    }, 1000);
    await clock.move(MINUTE_MS);
    expect(fired).toEqual(['begun']);
  });

  test('of which several are asked for happens one after the other', async () => {
    const { real, clock } = createStage();
    await Promise.all([clock.move(DAY_MS), clock.move(DAY_MS)]);
    expect(clock.nowMs()).toBe(real.nowMs() + 2 * DAY_MS);
  });

  test('stops at the times that jobs are due for, and runs them at these times', async () => {
    const { clock, real } = createStage();
    const startMs = real.nowMs();
    const dueMs = [startMs + DAY_MS, startMs + DAY_MS + 1, startMs + 5 * DAY_MS];
    const ran: number[] = [];
    const jobs: DueJobs = {
      findNextMs: () => Promise.resolve(dueMs.find((ms) => ms > clock.nowMs())),
      runDue: () => Promise.resolve(void ran.push(clock.nowMs() - startMs)),
    };
    clock.follow(jobs);
    await clock.move(3 * DAY_MS);
    expect(ran).toEqual([DAY_MS, DAY_MS + 1, 3 * DAY_MS]);
  });

  test('ends, and has moved the time, although jobs keep coming or do not end', async () => {
    const { clock, real } = createStage();
    let runs = 0;
    clock.follow({ findNextMs: () => Promise.resolve(clock.nowMs() + 1), runDue: () => Promise.resolve(void runs++) });
    await clock.move(DAY_MS);
    expect(clock.nowMs()).toBe(real.nowMs() + DAY_MS);
    expect(runs).toBeLessThan(200);

    clock.follow({ findNextMs: () => Promise.resolve(undefined), runDue: (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())) });
    const moved = clock.move(DAY_MS);
    await real.advance(MINUTE_MS);
    await moved;
    expect(clock.nowMs()).toBe(real.nowMs() + 2 * DAY_MS);
  });

  test.each([-1, Number.NaN, Infinity, MOVE_MAX_MS + 1])('by %s milliseconds is refused', async (ms) => {
    const { clock, real } = createStage();
    expect(() => clock.move(ms)).toThrow(RangeError);
    expect(clock.nowMs()).toBe(real.nowMs());
  });
});

test('a moved clock is believed by those who watch clocks', async () => {
  const { clock } = createStage();
  const watch = new ClockWatch(clock);
  await clock.move(30 * DAY_MS);
  expect([watch.doubt('steady'), watch.doubt('proven')]).toEqual([undefined, undefined]);
});

test('a timer for longer than those of Node.js last fires when it is due, and not before', async () => {
  const { real, clock, fired, note } = createStage();
  clock.setTimeout(note('late'), 30 * DAY_MS);
  await real.advance(29 * DAY_MS);
  expect(fired).toEqual([]);
  await real.advance(DAY_MS);
  expect(fired).toEqual(['late']);
});
