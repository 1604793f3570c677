import { expect, test } from 'vitest';
import { ServerMessageIds } from '../src/index.ts';

const NOW_MS = 1_790_000_000_000;
const secondsOf = (id: bigint): number => Number(id >> 32n);

test('message ids ascend when the clock goes back a little, and follow a clock that was set back', () => {
  const ids = new ServerMessageIds();
  const first = ids.next(NOW_MS, 'answer');
  const second = ids.next(NOW_MS - 5000, 'notification');
  expect(second > first).toBe(true);
  expect([first & 3n, second & 3n]).toEqual([1n, 3n]);
  const back = ids.next(NOW_MS - 3_600_000, 'answer');
  expect(secondsOf(back)).toBe(NOW_MS / 1000 - 3600);
  expect(ids.next(NOW_MS - 3_600_000, 'answer') > back).toBe(true);
  expect(secondsOf(ids.next(NOW_MS + 3_600_000, 'answer'))).toBe(NOW_MS / 1000 + 3600);
});
