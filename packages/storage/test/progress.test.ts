import { expect, test } from 'vitest';
import { findProgress } from '../src/embedded/postmaster.ts';

test('the log lines of a recovering database become progress texts for /readyz', () => {
  expect(findProgress('LOG:  redo starts at 0/1943F28')).toBe('the database reads its log again, from 0/1943F28');
  expect(findProgress('LOG:  redo in progress, elapsed time: 2.00 s, current LSN: 0/5A1C2D8')).toBe('the database reads its log again, at 0/5A1C2D8 after 2.00 s');
  expect(findProgress('LOG:  redo done at 0/5A1C300 system usage: CPU: user: 0.02 s')).toBe('the database writes what it recovered');
  expect(findProgress('LOG:  database system is ready to accept connections')).toBeUndefined();
});
