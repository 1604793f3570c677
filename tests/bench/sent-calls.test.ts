import { expect, test } from 'vitest';
import type { SentCall } from '../../bench/load/outcome.ts';
import { divideByNode, quantilesIn, servedAfterMs } from '../../bench/sent-calls.ts';

const call = (sender: number, atMs: number, ms: number, where: Partial<SentCall> = {}): SentCall => ({ sender, atMs, ms, owner: 'a', by: 'a', ...where });

test('calls count for the span in which they began, however late their answers come', () => {
  const calls = [call(0, 5, 1000), call(0, 10, 3), call(0, 19, 400), call(0, 20, 1000)];
  expect(quantilesIn(calls, { fromMs: 10, toMs: 20 })).toEqual({ p50Ms: 3, p99Ms: 400 });
});

test('a killed node has to do with those whose keys it served and with those who were connected to it', () => {
  const calls = [
    call(0, 1, 1, { owner: 'killed' }), call(1, 1, 1, { by: 'killed' }), call(2, 1, 1),
    // Had gone to another place before.
    call(3, 1, 1, { by: 'killed' }), call(3, 5, 1, { by: 'b' }),
    // Come to the one that took its place afterwards.
    call(2, 20, 1, { by: 'killed' }), call(1, 20, 1, { by: 'b' }),
  ];
  const { its, others } = divideByNode(calls, 'killed', 10);
  expect([its, others].map((some) => [...new Set(some.map(({ sender }) => sender))])).toEqual([[0, 1], [2, 3]]);
});

test('senders are served again when each has had its first answer', () => {
  const calls = [call(0, 90, 5000), call(0, 110, 700), call(0, 120, 30), call(1, 400, 20)];
  expect(servedAfterMs(calls, 100)).toBe(320);
  expect(servedAfterMs([], 100)).toBe(0);
});
