import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { watchParent } from '@aerogram/kit';
import { createFakeClock } from '@aerogram/runtime';
import { describe, expect, test } from 'vitest';

function watch({ isTTY = false } = {}): { input: PassThrough; clock: ReturnType<typeof createFakeClock>; parent: { id: number }; gone: () => number; stop: Disposable } {
  const input = Object.assign(new PassThrough(), { isTTY });
  const clock = createFakeClock();
  const parent = { id: 10 };
  let times = 0;
  const stop = watchParent({ onGone: () => times++, input, parentId: () => parent.id, clock });
  return { input, clock, parent, gone: () => times, stop };
}

describe('the end of the parent', () => {
  test('is noticed when standard input ends, once', async () => {
    const { input, clock, parent, gone } = watch();
    input.write('ignored');
    input.end();
    await once(input, 'close');
    parent.id = 1;
    await clock.advance(10_000);
    expect(gone()).toBe(1);
  });

  test('is noticed when standard input breaks', async () => {
    const { input, gone } = watch();
    input.destroy(new Error('broken'));
    await once(input, 'close').catch(() => undefined);
    expect(gone()).toBe(1);
  });

  test('is noticed by another parent, within a second', async () => {
    const { clock, parent, gone } = watch({ isTTY: true });
    await clock.advance(5_000);
    expect(gone()).toBe(0);
    parent.id = 1;
    await clock.advance(1_000);
    expect(gone()).toBe(1);
  });

  test('is not waited for any more when the watch was ended', async () => {
    const { input, clock, parent, gone, stop } = watch();
    stop[Symbol.dispose]();
    parent.id = 1;
    await clock.advance(10_000);
    input.resume().end();
    await once(input, 'close');
    expect(gone()).toBe(0);
  });
});
