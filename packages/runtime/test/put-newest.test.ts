import { expect, test } from 'vitest';
import { putNewest } from '../src/put-newest.ts';

test('what was put last stays, and what was not put for longest goes', () => {
  const map = new Map<string, number>();
  for (const key of ['a', 'b', 'a', 'c']) putNewest(map, key, map.size, 2);
  expect([...map.keys()]).toEqual(['a', 'c']);
});
