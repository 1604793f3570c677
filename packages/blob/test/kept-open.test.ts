import { createFakeClock } from '@aerogram/runtime';
import { describe, expect, test } from 'vitest';
import { KeptOpen } from '../src/kept-open.ts';

/** Opens numbered files and counts which of them are open. */
function createFiles() {
  const clock = createFakeClock();
  const open = new Set<number>();
  let opened = 0;
  const gone = new Set<number>();
  const kept = new KeptOpen({
    clock,
    open(path: string) {
      if (path === 'missing') return Promise.resolve(undefined);
      const number = ++opened;
      open.add(number);
      return Promise.resolve({
        number,
        [Symbol.asyncDispose]() {
          open.delete(number);
          return Promise.resolve();
        },
      });
    },
    isGone: ({ number }) => gone.has(number),
  });
  return { clock, open, gone, kept, read: (path: string) => kept.use(path, ({ number }) => Promise.resolve(number)) };
}

describe('files that are kept open', () => {
  test('calls one after the other and at the same time use one open file', async () => {
    const { read, open } = createFiles();
    expect(await Promise.all([read('a'), read('a')])).toEqual([1, 1]);
    expect(await read('a')).toBe(1);
    expect(await read('b')).toBe(2);
    expect([...open]).toEqual([1, 2]);
  });

  test('a file that nothing has used for ten seconds is closed', async () => {
    const { read, open, clock } = createFiles();
    await read('a');
    await clock.advance(5000);
    await read('b');
    await clock.advance(25_000);
    expect([...open]).toEqual([]);
    expect(await read('a')).toBe(3);
  });

  test('a file is closed when the last call that uses it has ended, not before', async () => {
    const { kept, open } = createFiles();
    let end = (): void => {};
    const using = kept.use('a', () => new Promise<void>((resolve) => (end = resolve)));
    await kept.forget('a');
    expect([...open]).toEqual([1]);
    end();
    await using;
    expect([...open]).toEqual([]);
  });

  test('a file is opened anew after an error, and when it no longer belongs to its path', async () => {
    const { kept, read, open, gone } = createFiles();
    await expect(kept.use('a', () => Promise.reject(new Error('the disk fails')))).rejects.toThrow('the disk fails');
    expect(await read('a')).toBe(2);
    gone.add(2);
    expect(await read('a')).toBe(3);
    expect([...open]).toEqual([3]);
  });

  test('what is missing is looked for again by the next call', async () => {
    const { read, open } = createFiles();
    expect(await read('missing')).toBeUndefined();
    expect([...open]).toEqual([]);
  });

  test('not more than 256 idle files stay open, and none after disposal', async () => {
    const { kept, read, open } = createFiles();
    for (let i = 0; i < 300; i++) await read(`file ${i}`);
    expect(open.size).toBeLessThanOrEqual(256);
    await kept[Symbol.asyncDispose]();
    expect(open.size).toBe(0);
  });
});
