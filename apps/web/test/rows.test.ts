import { describe, expect, test } from 'vitest';
import { besideGone } from '../src/page/history/use-roving-focus.ts';
import { arrangeRows, type HistoryRow, isUnwritten, messagesOf, withoutCutRow } from '../src/page/history/rows.ts';
import { isOnOwnSide } from '../src/page/history/side-of.ts';
import { appendedKeys } from '../src/page/history/use-new-rows.ts';
import type { Message } from '../src/protocol/index.ts';

const NOON = Math.floor(new Date(2026, 4, 20, 12).getTime() / 1000);

function message(id: number, values: Partial<Message> = {}): Message {
  return { key: String(id), id, peer: 7, from: 7, date: NOON + id, isOut: false, text: `text ${id}`, ...values };
}

/** Writes rows as `day`, `unread`, `service` and the ids of messages. */
const write = (rows: HistoryRow[]): string => rows.map((row) => (row.kind === 'message' || row.kind === 'service' ? `${row.kind === 'service' ? 's' : ''}${messagesOf(row).map(({ id }) => id).join('+')}` : row.kind)).join(' ');

describe('rows of a history', () => {
  test('each day begins with its label', () => {
    expect(write(arrangeRows([message(1), message(2), message(3, { date: NOON + 86_400 })], 7, undefined))).toBe('day 1 2 day 3');
  });

  test('the line above what is unread stands where it was when the chat was opened', () => {
    expect(write(arrangeRows([message(1), message(2), message(3)], 7, 2))).toBe('day 1 unread 2 3');
    expect(write(arrangeRows([message(1), message(2)], 7, 9))).toBe('day 1 2');
  });

  test('the line above what is unread goes when the account writes something', () => {
    expect(write(arrangeRows([message(1), message(2), message(0, { isOut: true })], 7, 2))).toBe('day 1 2 0');
    expect(write(arrangeRows([message(1, { isOut: true }), message(2), message(3, { isOut: true, isPost: true })], 7, 2))).toBe('day 1 unread 2 3');
  });

  test('a chat with lines of the server alone is unwritten', () => {
    const line = message(1, { service: { kind: 'signedUp' } });
    expect([[], [line], [line, message(2)]].map(isUnwritten)).toEqual([true, true, false]);
  });

  test('notes in Saved Messages stand at the own side, what others wrote does not', () => {
    const me = 7;
    const forwarded = (from: number): Partial<Message> => ({ forwarded: { from, date: NOON } });
    const notes = [message(1), message(2, forwarded(me)), message(3, forwarded(8)), message(4, { peer: 8 }), message(5, { peer: 8, isOut: true })];
    expect(notes.map((note) => isOnOwnSide(note, me))).toEqual([true, true, false, false, true]);
    expect(arrangeRows(notes.slice(0, 3), 7, undefined, me)).toMatchObject([{ kind: 'day' }, { isFirst: true, isLast: false }, { isFirst: false, isLast: true }, { isFirst: true, isLast: true }]);
  });

  test('beside a message that is gone stands the one after it, else the one before it', () => {
    const rows = (...ids: number[]): HistoryRow[] => arrangeRows(ids.map((id) => message(id)), 7, undefined);
    expect(besideGone('2', rows(1, 2, 3), rows(1, 3))).toBe('3');
    expect(besideGone('3', rows(1, 2, 3), rows(1, 2))).toBe('2');
    expect(besideGone('2', rows(1, 2, 3, 4), rows(1, 4, 5))).toBe('4');
    expect(besideGone('1', rows(1), [])).toBeUndefined();
    expect(besideGone('9', rows(1, 2), rows(1, 2))).toBeUndefined();
  });

  test('between the messages of a basic group and those of the supergroup that it became stands one line', () => {
    const old = (id: number, values: Partial<Message> = {}): Message => message(id, { peer: -5, key: `-5:${id}`, ...values });
    const end = old(3, { service: { kind: 'upgraded', to: 7 } });
    const begin = message(1, { service: { kind: 'upgraded', from: -5 } });
    expect(write(arrangeRows([old(1), old(2), end, begin, message(2)], 7, 2))).toBe('day 1 2 s1 unread 2');
    expect(write(arrangeRows([old(1), old(2), end, message(2), message(3)], 7, undefined))).toBe('day 1 2 seam 2 3');
    expect(write(arrangeRows([old(1), old(2), end], -5, undefined))).toBe('day 1 2 s3');
  });

  test('messages of one author within ten minutes belong together', () => {
    const rows = arrangeRows([message(1), message(2), message(3, { from: 8 }), message(4, { from: 8, date: NOON + 2000 })], 7, undefined);
    const bounds = rows.flatMap((row) => (row.kind === 'message' ? [[row.isFirst, row.isLast]] : []));
    expect(bounds).toEqual([[true, false], [false, true], [true, true], [true, true]]);
  });

  test('the line of what is unread parts messages of one author', () => {
    const rows = arrangeRows([message(1), message(2)], 7, 2);
    expect(rows.flatMap((row) => (row.kind === 'message' ? [[row.isFirst, row.isLast]] : []))).toEqual([[true, true], [true, true]]);
  });

  test('an album is one row, with the key of its first message', () => {
    const album = { album: '5' };
    const rows = arrangeRows([message(1), message(2, album), message(3, album), message(4, { album: '6' }), message(5)], 7, undefined);
    expect(write(rows)).toBe('day 1 2+3 4 5');
    expect(rows[2]?.key).toBe('2');
  });

  test('an album whose middle is unread is parted there', () => {
    const album = { album: '5' };
    expect(write(arrangeRows([message(1, album), message(2, album), message(3, album)], 7, 2))).toBe('day 1 unread 2+3');
  });

  test('service messages have rows of their own', () => {
    expect(write(arrangeRows([message(1), message(2, { service: { kind: 'pinned' } }), message(3)], 7, undefined))).toBe('day 1 s2 3');
  });

  test('the oldest message is left out while those before it are not there', () => {
    const rows = (hasOlder: boolean, ...messages: Message[]): string => write(withoutCutRow(arrangeRows(messages, 7, undefined), hasOlder, () => false));
    expect(rows(true, message(1), message(2), message(3))).toBe('2 3');
    expect(rows(true, message(1), message(2, { date: NOON + 86_400 }))).toBe('day 2');
    expect(rows(false, message(1), message(2))).toBe('day 1 2');
    expect(rows(true, message(1))).toBe('day 1');
    const album = { album: '5' };
    expect(rows(true, message(1, album), message(2, album), message(3))).toBe('3');
  });

  test('a message at which the list opens is not left out, be it the first unread one or one that was looked for', () => {
    const messages = [message(1), message(2)];
    expect(write(withoutCutRow(arrangeRows(messages, 7, 1), true, () => false))).toBe('day unread 1 2');
    expect(write(withoutCutRow(arrangeRows(messages, 7, undefined), true, ({ id }) => id === 1))).toBe('day 1 2');
    expect(write(withoutCutRow(arrangeRows(messages, 7, undefined), true, ({ id }) => id === 2))).toBe('2');
  });
});

test('messages that were appended are new, those that were loaded before the others or were known are not', () => {
  const rows = arrangeRows([message(1), message(2), message(3, { date: NOON + 86_400 })], 7, undefined);
  const keyOf = (id: number): string => rows.find((row) => messagesOf(row)[0]?.id === id)!.key;
  expect(appendedKeys(keyOf(1), rows)).toEqual([keyOf(2), keyOf(3)]);
  expect(appendedKeys(keyOf(3), rows)).toEqual([]);
  expect(appendedKeys(undefined, rows)).toEqual([]);
  expect(appendedKeys('gone', rows)).toEqual([]);
});
