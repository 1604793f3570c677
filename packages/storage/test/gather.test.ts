import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { gather } from '../src/committer/gather.ts';
import type { GroupCommitter } from '../src/index.ts';

/** What came to the committer, by turns of the event loop. */
let came: string[];
let committer: GroupCommitter<string, string>;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'performance'] });
  came = [];
  committer = gather<string, string>({
    pending: 0,
    submit(item) {
      came.push(item);
      return item === 'bad' ? Promise.reject(new Error(item)) : Promise.resolve(item);
    },
    drain: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }, 3);
});
afterEach(() => {
  vi.useRealTimers();
});

/** Submits all in one turn of the event loop, which then ends. */
function submit(...items: string[]): Promise<PromiseSettledResult<string>[]> {
  const all = Promise.allSettled(items.map((item) => committer.submit(item)));
  vi.advanceTimersByTime(0);
  return all;
}

test('what comes in a turn goes on at once, what follows soon is gathered, in order', async () => {
  await submit('a', 'b');
  expect(came).toEqual(['a', 'b']);
  const later = submit('c');
  vi.advanceTimersByTime(1);
  const last = submit('bad', 'e');
  expect(came).toEqual(['a', 'b']);
  expect(committer.pending).toBe(3);
  vi.advanceTimersByTime(2);
  expect(came).toEqual(['a', 'b', 'c', 'bad', 'e']);
  expect(await later).toEqual([{ status: 'fulfilled', value: 'c' }]);
  expect((await last).map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  vi.advanceTimersByTime(4);
  await submit('f');
  expect(came.at(-1)).toBe('f');
});

test('as many as are worth a transaction do not wait, nor does anyone who comes while the committer is drained', async () => {
  await submit('a');
  void submit('b');
  expect(came).toEqual(['a']);
  void submit('c', 'd', 'e', 'f', 'g', 'h', 'i', 'j');
  expect(came.join('')).toBe('abcdefghij');
  void submit('k');
  expect(came.at(-1)).toBe('j');
  await committer.drain();
  expect(came.at(-1)).toBe('k');
  await submit('l');
  expect(came.at(-1)).toBe('l');
});
