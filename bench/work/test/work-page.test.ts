import { expect, test } from 'vitest';
import type { Work } from '../measure-work.ts';
import { type CountedRow, listPassedCeilings, readWorkPage, renderWorkPage } from '../work-page.ts';

const work = (change: Partial<Work> = {}): Work => ({
  statements: new Map([['begin', 1], ['commit', 1], ['read_things', 3]]), trips: 2, rows: 7, packets: 2, pushes: new Map([['updateNewMessage', 1]]), bytes: 220, hints: 2, writes: 2, walBytes: 1776, allocated: 100_000, ...change,
});
const rowOf = (change?: Partial<Work>): CountedRow => ({ name: 'text', alone: work(change), together: work({ rows: 97 }) });

test('a page says what a call took alone and of sixteen at once, and by which statements', () => {
  const page = renderWorkPage([rowOf()], new Map());
  expect(page).toContain('| text | 5 | 2 | 7 | 1 | 2 | 220 | 2 | 2 | 1776 | 100 |');
  expect(page).toContain('| text | 5 | 2 | 97 | 1 | 220 | 2 | 100 |');
  expect(page).toContain('- **text**: begin, commit, read_things × 3; updateNewMessage.');
});

test('rough figures stay while they are off by no more than 4 %; exact ones never do', () => {
  const before = readWorkPage(renderWorkPage([rowOf()], new Map()));
  expect(renderWorkPage([rowOf({ allocated: 103_900, walBytes: 1580 })], before)).toContain('| 2 | 2 | 1776 | 100 |');
  expect(renderWorkPage([rowOf({ allocated: 104_600, walBytes: 1500 })], before)).toContain('| 2 | 2 | 1500 | 105 |');
  expect(renderWorkPage([rowOf({ bytes: 221 })], before)).toContain('| 2 | 221 | 2 | 2 | 1776 | 100 |');
});

test('a check keeps what was not measured, and writing the page does not', () => {
  const before = readWorkPage(renderWorkPage([rowOf()], new Map()));
  const { allocated: _, ...unmeasured } = work();
  const row: CountedRow = { name: 'text', alone: unmeasured };
  expect(renderWorkPage([row], before, true)).toContain('| 2 | 2 | 1776 | 100 |');
  expect(renderWorkPage([row], before)).toContain('| 2 | 2 | 1776 |  |');
});

test('all figures of background work are rough, and its statements are named without counts', () => {
  const later = (rows: number): CountedRow => ({ name: 'a minute', isLater: true, alone: work({ rows }) });
  const before = readWorkPage(renderWorkPage([later(100)], new Map()));
  expect(renderWorkPage([later(104)], before)).toContain('| a minute | 5 | 2 | 100 |');
  expect(renderWorkPage([later(105)], before)).toContain('| a minute | 5 | 2 | 105 |');
  expect(renderWorkPage([later(100)], before)).toContain('- **a minute**: begin, commit, read_things; updateNewMessage.');
});

test('a ceiling is passed by a higher figure, and by one that is not there any more', () => {
  const cells = readWorkPage(renderWorkPage([rowOf()], new Map()));
  const ceiling = { call: 'text', at: 'alone', figure: 'statements', most: 5, reason: '' } as const;
  expect(listPassedCeilings([ceiling], cells)).toEqual([]);
  expect(listPassedCeilings([{ ...ceiling, most: 4 }, { ...ceiling, at: 'together', figure: 'writes' }], cells)).toEqual([
    'text (one call): 5 statements, at most 4',
    'text (sixteen at once): no writes, at most 5',
  ]);
});
