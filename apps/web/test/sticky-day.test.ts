import { expect, test } from 'vitest';
import { stickyDay } from '../src/page/history/day-label.tsx';
import { arrangeRows } from '../src/page/history/rows.ts';
import type { Message } from '../src/protocol/index.ts';

const NOON = Math.floor(new Date(2026, 4, 20, 12).getTime() / 1000);
const DAY = 86_400;

const message = (id: number, date: number): Message => ({ key: String(id), id, peer: 7, from: 7, date, isOut: false, text: `text ${id}` });

/** Days and messages in turns, each 40 pixels high. */
const ROWS = arrangeRows([message(1, NOON), message(2, NOON + DAY)], 7, undefined);
const starts = (index: number): number => index * 40;

test('a day stands above its messages once its own row is out of sight, and is pushed out by the next', () => {
  expect(ROWS.map(({ kind }) => kind)).toEqual(['day', 'message', 'day', 'message']);
  expect(stickyDay(ROWS, starts, 0)).toBeUndefined();
  // A part of the row is still in sight: two labels of one day would lie over each other.
  expect(stickyDay(ROWS, starts, 30)).toBeUndefined();
  expect(stickyDay(ROWS, starts, 36)).toEqual({ date: NOON, shift: 0 });
  expect(stickyDay(ROWS, starts, 60)).toEqual({ date: NOON, shift: -24 });
  expect(stickyDay(ROWS, starts, 90)).toBeUndefined();
  expect(stickyDay(ROWS, starts, 120)).toEqual({ date: NOON + DAY, shift: 0 });
});
