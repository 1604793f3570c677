import { homeDcOf } from '@aerogram/cluster';
import { expect, test } from 'vitest';
import { createTwoHomes } from './two-homes-world.ts';

test('who signs up at a home has an id of that home', async () => {
  await using homes = await createTwoHomes();
  const [anna, ben] = [await homes.one.signUp('9996611101', 'Anna'), await homes.two.signUp('9996621102', 'Ben')];
  expect([homeDcOf(anna.userId), homeDcOf(ben.userId)]).toEqual([1, 2]);
});
