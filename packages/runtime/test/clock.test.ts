import { describe, expect, it } from 'vitest';
import { createFakeClock, systemClock } from '@aerogram/runtime';

describe('fake clock', () => {
  it('runs timers at the times when they are due, in order', async () => {
    const clock = createFakeClock(1_000_000);
    const seen: [string, number][] = [];
    clock.setTimeout(() => seen.push(['late', clock.nowMs()]), 50);
    clock.setTimeout(() => seen.push(['early', clock.nowMs()]), 10);
    const every = clock.setInterval(() => seen.push(['every', clock.nowMs()]), 20);
    await clock.advance(50);
    expect(seen).toEqual([
      ['early', 1_000_010],
      ['every', 1_000_020],
      ['every', 1_000_040],
      ['late', 1_000_050],
    ]);
    every.cancel();
    expect(clock.pendingTimers()).toBe(0);
    expect([clock.now(), clock.monotonicMs()]).toEqual([1000, 50]);
  });

  it('runs a timer that a timer or a promise sets during the advance', async () => {
    const clock = createFakeClock(0);
    const seen: number[] = [];
    clock.setTimeout(() => {
      void Promise.resolve().then(() => clock.setTimeout(() => seen.push(clock.nowMs()), 5));
    }, 5);
    await clock.advance(10);
    expect(seen).toEqual([10]);
  });

  it('drops cancelled timers', async () => {
    const clock = createFakeClock();
    let ran = false;
    const timer = clock.setTimeout(() => (ran = true), 1);
    timer.cancel();
    timer.cancel();
    await clock.advance(10);
    expect(ran).toBe(false);
  });
});

describe('system clock', () => {
  it('counts seconds and fires', async () => {
    expect(Math.abs(systemClock.now() * 1000 - systemClock.nowMs())).toBeLessThanOrEqual(1000);
    const before = systemClock.monotonicMs();
    await new Promise<void>((resolve) => void systemClock.setTimeout(resolve, 1));
    expect(systemClock.monotonicMs()).toBeGreaterThan(before);
  });
});
