import { expect, test } from 'vitest';

import { LoopTurns } from '../src/loop-turns.ts';

test('computations that share turns run one after the other, and other work runs between them', async () => {
  const turns = new LoopTurns();
  const order: string[] = [];
  const compute = async (name: string): Promise<void> => {
    for (let turn = 0; turn < 3; turn++) {
      await turns.next();
      order.push(name);
      setImmediate(() => order.push('other'));
    }
  };
  await Promise.all([compute('a'), compute('b')]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(order).toEqual(['a', 'other', 'b', 'other', 'a', 'other', 'b', 'other', 'a', 'other', 'b', 'other']);
});
