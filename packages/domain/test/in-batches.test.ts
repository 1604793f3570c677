import { expect, test } from 'vitest';
import { inBatches } from '../src/shared/in-batches.ts';

test('items that arrive while a batch runs form the next batch, and a failed batch rejects only its own items', async () => {
  const batches: (readonly number[])[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const double = inBatches<number, number>((items) => {
    batches.push(items);
    return new Promise((resolve, reject) => {
      ends.push((error) => (error ? reject(error) : resolve(items.map((item) => item * 2))));
    });
  });
  const first = [double(1), double(2)];
  await Promise.resolve();
  expect(batches).toEqual([[1, 2]]);
  const second = [double(3), double(3), double(4)];
  expect(batches).toHaveLength(1);
  ends[0]!();
  expect(await Promise.all(first)).toEqual([2, 4]);
  expect(batches[1]).toEqual([3, 3, 4]);
  const third = double(5);
  ends[1]!(new Error('no'));
  for (const one of second) await expect(one).rejects.toThrow('no');
  expect(batches[2]).toEqual([5]);
  ends[2]!();
  expect(await third).toBe(10);
  const many = Array.from({ length: 300 }, (_, i) => double(i));
  await Promise.resolve();
  expect(batches[3]).toHaveLength(256);
  ends[3]!();
  await many[0];
  ends[4]!();
  expect(await many[299]).toBe(598);
});
