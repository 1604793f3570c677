import { expect, test } from 'vitest';
import { FewAtOnce, TooManyWait } from '../src/sessions/few-at-once.ts';

test('a few run, the last that came goes next, too many are refused', async () => {
  const few = new FewAtOnce(2, 2);
  const began: number[] = [];
  const ends: (() => void)[] = [];
  const work = (number: number): Promise<number> =>
    few.run(async () => {
      began.push(number);
      await new Promise<void>((resolve) => ends.push(resolve));
      return number;
    });
  const done = [work(1), work(2), work(3), work(4)];
  await expect(work(5)).rejects.toBeInstanceOf(TooManyWait);
  expect(began).toEqual([1, 2]);
  ends[0]!();
  expect(await done[0]).toBe(1);
  expect(began).toEqual([1, 2, 4]);
  ends[1]!();
  await done[1];
  expect(began).toEqual([1, 2, 4, 3]);
  for (const end of ends) end();
  expect(await Promise.all(done)).toEqual([1, 2, 3, 4]);
  // A failure gives its place up too.
  await expect(few.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await few.run(() => Promise.resolve(6))).toBe(6);
});
