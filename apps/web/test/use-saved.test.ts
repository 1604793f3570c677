import { expect, test } from 'vitest';
import { afterEcho } from '../src/page/parts/use-saved.ts';

test('a setting that is changed twice does not go back when the server speaks of the first change', () => {
  expect(afterEcho(['none', 'some'], 'none')).toEqual(['some']);
  expect(afterEcho(['none', 'some'], 'some')).toBeUndefined();
  expect(afterEcho(['none', 'some', 'none'], 'none')).toBeUndefined();
  // Somebody else has changed it.
  expect(afterEcho(['none', 'some'], 'all')).toBeUndefined();
  expect(afterEcho([], 'all')).toBeUndefined();
});
