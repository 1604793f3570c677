// The rows of which most others are made; the others are in more-rows.test.ts.
import { expect, test } from 'vitest';
import { bench, checkFigures } from './run-bench.ts';

test('sending and reading are measured to their end', { timeout: 400_000 }, async () => {
  const results = await bench('send,reads', '--users', '2000', '--messages', '20000');
  expect(Object.keys(results)).toEqual(['send', 'reads']);
  checkFigures(results);
});
