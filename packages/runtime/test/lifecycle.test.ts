import { describe, expect, it } from 'vitest';
import { createFakeClock, Lifecycle, silentLogger } from '@aerogram/runtime';

function recorded(): { seen: string[]; clock: ReturnType<typeof createFakeClock>; lifecycle: Lifecycle } {
  const clock = createFakeClock();
  return { seen: [], clock, lifecycle: new Lifecycle({ log: silentLogger, clock, drainTimeoutMs: 1000 }) };
}

describe('lifecycle', () => {
  it('starts in order, drains all, stops in reverse, once', async () => {
    const { seen, lifecycle, clock } = recorded();
    for (const name of ['database', 'gateway']) {
      lifecycle.add({
        name,
        start: () => void seen.push(`start ${name}`),
        drain: () => void seen.push(`drain ${name}`),
        stop: () => void seen.push(`stop ${name}`),
      });
    }
    await lifecycle.start();
    await Promise.all([lifecycle.stop(), lifecycle.stop()]);
    expect(seen).toEqual([
      'start database',
      'start gateway',
      'drain gateway',
      'drain database',
      'stop gateway',
      'stop database',
    ]);
    expect(clock.pendingTimers()).toBe(0);
  });

  it('stops the started parts when a part fails to start', async () => {
    const { seen, lifecycle } = recorded();
    lifecycle.own('database', { [Symbol.asyncDispose]: async () => void seen.push('closed') });
    lifecycle.add({
      name: 'gateway',
      start: () => {
        throw new Error('port taken');
      },
      stop: () => void seen.push('never started'),
    });
    await expect(lifecycle.start()).rejects.toThrow('port taken');
    expect(seen).toEqual(['closed']);
  });

  it('continues after a drain that hangs, a stop that hangs and one that fails', async () => {
    const { seen, lifecycle, clock } = recorded();
    lifecycle.add({ name: 'last', stop: () => void seen.push('last') });
    lifecycle.add({
      name: 'failing',
      stop: () => {
        throw new Error('no');
      },
    });
    lifecycle.add({ name: 'hanging', drain: () => new Promise(() => {}), stop: () => new Promise(() => {}) });
    await lifecycle.start();
    const stopped = lifecycle.stop();
    await clock.advance(1000);
    await clock.advance(10_000);
    await stopped;
    expect(seen).toEqual(['last']);
    expect(clock.pendingTimers()).toBe(0);
  });
});
