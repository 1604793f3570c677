import { FakeNetwork } from '@aerogram/cluster/testing';
import { createFakeClock, seededRandom } from '@aerogram/runtime';
import { expect, test } from 'vitest';

import { LookupBudget } from '../src/contacts/lookup-budget.ts';
import { QUOTAS } from '../src/shared/index.ts';

const { most, periodS } = QUOTAS.phoneLookups;
const DAY_MS = periodS * 1000;

test('three nodes together grant a user as many look-ups as one, and again after a day', async () => {
  const clock = createFakeClock();
  const network = new FakeNetwork(clock, seededRandom('look-ups'), 100);
  const budgets = network.nodes().map((owners) => new LookupBudget({ clock, owners }));
  const take = async (): Promise<number> => {
    const grants = Promise.all(budgets.flatMap((budget) => Array.from({ length: 10 }, () => budget.take({ userId: 7n, address: undefined }, most / 5))));
    await clock.advance(500);
    return (await grants).reduce((sum, { count }) => sum + count, 0);
  };
  expect(await take()).toBe(most);
  const none = budgets[0]!.take({ userId: 7n, address: undefined }, 1);
  await clock.advance(500);
  expect((await none).count).toBe(0);
  expect((await none).waitS).toBeGreaterThan(periodS - 10);
  await clock.advance(DAY_MS);
  expect(await take()).toBe(most);
});

test('what an address does not grant is given back to the user', async () => {
  const clock = createFakeClock();
  const budget = new LookupBudget({ clock });
  const address = '192.0.2.7';
  for (let userId = 1n; userId <= 5n; userId++) expect((await budget.take({ userId, address }, most)).count).toBe(most);
  expect((await budget.take({ userId: 6n, address }, 1)).count).toBe(0);
  expect((await budget.take({ userId: 6n, address: '198.51.100.7' }, most)).count).toBe(most);
});

test('without an answer of the owner each node grants its share', async () => {
  const clock = createFakeClock();
  const network = new FakeNetwork(clock, seededRandom('silent'));
  const userId = BigInt(network.keyOf('a', 'quota:phoneLookups:user'));
  const budget = new LookupBudget({ clock, owners: network.nodes()[1]! });
  new LookupBudget({ clock, owners: network.nodes()[0]! });
  network.silent.add('a');
  const granted = budget.take({ userId, address: undefined }, most);
  await clock.advance(500);
  expect((await granted).count).toBe(Math.floor(most / 3));
});
