import { expect, test } from 'vitest';
import { RequestsUnderWay } from '../src/http/requests-under-way.ts';

test('a shard, a network and a node have so many requests under way, and those that end make room', () => {
  const underWay = new RequestsUnderWay({ ofNode: 4, ofShard: 2, ofNetwork: 3 });
  const enter = (shard: string, network: string | undefined, node = 'b'): (() => void) | undefined => underWay.enter({ node, shard, network });
  const first = enter('bot1', 'x');
  const second = enter('bot1', undefined);
  expect([first, second]).not.toContain(undefined);
  expect(enter('bot1', 'y')).toBeUndefined();
  // Nothing is counted of what was refused.
  for (let at = 0; at < 10; at++) enter('bot1', 'x');
  const third = enter('bot2', 'x');
  expect(enter('bot3', 'x')).toBeDefined();
  expect(enter('bot4', 'x', 'c')).toBeUndefined();
  expect(enter('bot4', undefined)).toBeUndefined();
  expect(enter('bot4', undefined, 'c')).toBeDefined();
  second!();
  expect(enter('bot1', undefined)).toBeDefined();
  expect(enter('bot1', undefined)).toBeUndefined();
  third!();
  first!();
  expect(enter('bot1', 'x')).toBeDefined();
});
