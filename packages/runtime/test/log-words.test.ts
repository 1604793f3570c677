import { createLogger, WordsLog, wordsOf } from '@aerogram/runtime';
import { expect, test } from 'vitest';

const TIME = '2026-12-01T07:10:20.811Z';
const line = (fields: Record<string, unknown>): string => JSON.stringify({ level: 'info', time: TIME, ...fields });

test('a line says when, how bad, what, and its details', () => {
  expect(wordsOf(line({ msg: 'migrated', from: 0, to: 143 }))).toBe('07:10:20 migrated (from: 0, to: 143)\n');
  expect(wordsOf(line({ level: 'warn', msg: 'made a new server key', file: '/keys/server.pem' }))).toBe('07:10:20 warning: made a new server key (file: /keys/server.pem)\n');
  expect(wordsOf(line({ level: 'error', msg: 'failed', err: { type: 'Error', message: 'no', stack: 'Error: no\n    at x' } }))).toBe('07:10:20 error: failed\nError: no\n    at x\n');
  expect(wordsOf(line({ msg: 'long', text: 'x'.repeat(1000) })).length).toBeLessThan(400);
  expect(wordsOf('no JSON\n')).toBe('no JSON\n');
});

test('what is logged before the addresses are printed comes after them, without secrets', () => {
  const printed: string[] = [];
  const words = new WordsLog((text) => void printed.push(text));
  const log = createLogger({ level: 'info', destination: words });
  log.warn({ phone: '15551234567' }, 'first');
  expect(printed).toEqual([]);
  printed.push('addresses\n');
  words.release();
  log.info('second');
  expect(printed.map((text) => text.replace(/^\d\d:\d\d:\d\d /, ''))).toEqual(['addresses\n', 'warning: first (phone: [redacted])\n', 'second\n']);
});
