import { expect, test } from 'vitest';
import { compareRuns } from '../../bench/against.ts';
import type { Row } from '../../bench/row.ts';

const rows = (rate: number, server: number): Row[] => [{ name: 'sends', rate, cpuUs: { server, generator: 50 } }, { name: 'of one only', rate: server === 0 ? 1 : 0 }];

test('figures of two commits are compared pair by pair, because the machine changes its speed between them', () => {
  const runs = [
    { before: rows(100, 200), now: rows(110, 180) },
    { before: rows(50, 400), now: rows(60, 320) },
    { before: rows(200, 100), now: rows(210, 110) },
  ];
  expect(compareRuns(runs)).toEqual([
    { row: 'sends', figure: 'rate', before: 100, now: 110, ratio: 1.1, lowest: 1.05, highest: 1.2 },
    { row: 'sends', figure: "server's CPU µs", before: 200, now: 180, ratio: 0.9, lowest: 0.8, highest: 1.1 },
  ]);
});
