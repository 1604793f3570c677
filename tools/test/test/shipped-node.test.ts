import { expect, test } from 'vitest';

// JavaScript, because it makes packages before anything is compiled; so its type is said here.
const path: string = '../../shipped-node.mjs';
const { findMissedNode } = (await import(path)) as { findMissedNode: (times: Record<string, string>, nowMs: number, shipped: string) => string | undefined };

const NOW_MS = Date.parse('2026-11-29T12:00:00Z');
const [OLD, YOUNG] = ['2026-11-20T00:00:00Z', '2026-11-23T00:00:00Z'];

test.each([
  ['the newest one is shipped', { '24.9.1': OLD, '24.9.0': OLD }, undefined],
  ['a newer one is less than a week old', { '24.9.1': OLD, '24.10.0': YOUNG }, undefined],
  ['a newer one is more than a week old', { '24.9.1': OLD, '24.10.0': OLD, '24.9.2': OLD, '24.11.0': YOUNG }, '24.10.0'],
  ['other lines do not count', { '24.9.1': OLD, '26.0.0': OLD, '240.0.0': OLD }, undefined],
  ['nor does what is no version', { created: OLD, modified: OLD, '24.12.0-rc.1': OLD }, undefined],
])('finds the version of Node that should have been taken over: %s', (_, times, missed) => {
  expect(findMissedNode(times as Record<string, string>, NOW_MS, '24.9.1')).toBe(missed);
});
