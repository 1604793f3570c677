import { FakeNetwork } from '@aerogram/cluster/testing';
import { createFakeClock, type FakeClock, seededRandom } from '@aerogram/runtime';
import { expect, test } from 'vitest';

import { ExactQuota, QUOTAS, refuseWait, takeBoth } from '../src/shared/index.ts';

type Name = 'inboundMessages' | 'inboundFromStrangers' | 'chatNotices' | 'codeRequests';

interface Three {
  clock: FakeClock;
  network: FakeNetwork;
  /** The quota on the owner of `whom`, and on the two other nodes. */
  owner: ExactQuota;
  others: [ExactQuota, ExactQuota];
  whom: string;
}

function openThree(name: Name, delayMs = 0): Three {
  const clock = createFakeClock();
  const network = new FakeNetwork(clock, seededRandom(`${name} ${delayMs}`), delayMs);
  const [owner, ...others] = network.nodes().map((owners) => new ExactQuota({ clock, owners }, name));
  return { clock, network, owner: owner!, others: others as Three['others'], whom: network.keyOf('a', `quota:${name}:`) };
}

test('a server that is alone counts at once', () => {
  const quota = new ExactQuota({ clock: createFakeClock() }, 'inboundFromStrangers');
  expect(Array.from({ length: 61 }, () => quota.take('7', 1))).toEqual([...Array<number>(60).fill(0), 1]);
});

test('users without limits are not counted', async () => {
  const { network, clock, whom } = openThree('inboundMessages');
  const quota = new ExactQuota({ clock, owners: network.nodes()[1]!, hasLimits: () => false }, 'inboundMessages');
  expect(quota.take(whom, 1)).toBe(0);
  expect(network.asked).toBe(0);
});

test.each(['inboundMessages', 'inboundFromStrangers'] as const)('10,000 uses of %s by three nodes at once are no more than one process lets pass', async (name) => {
  const { clock, owner, others, whom } = openThree(name, 200);
  const random = seededRandom(name);
  const quotas = [owner, ...others];
  let passed = 0;
  const refused: number[] = [];
  for (let i = 0; i < 10_000; i++) {
    clock.setTimeout(() => {
      void (async () => {
        const waitS = await quotas[i % 3]!.take(whom, 1);
        if (waitS === 0) passed++;
        else refused.push(waitS);
      })();
    }, random.uint31() % 5000);
  }
  await clock.advance(10_000);
  const { capacity, tokensPerSecond } = QUOTAS[name];
  expect(passed + refused.length).toBe(10_000);
  expect(passed).toBeLessThanOrEqual(capacity + 5.4 * tokensPerSecond);
  expect(passed).toBeGreaterThan(0.9 * (capacity + 5 * tokensPerSecond));
  expect(Math.min(...refused)).toBeGreaterThanOrEqual(1);
});

test('of a large quota a chunk is used without asking', async () => {
  const { network, others: [one], whom } = openThree('inboundMessages');
  const first = one.take(whom, 1);
  expect(first).toBeInstanceOf(Promise);
  await expect(first).resolves.toBe(0);
  for (let i = 0; i < 20; i++) expect(one.take(whom, 1)).toBe(0);
  expect(network.asked).toBe(1);
  await one.take(whom, 1);
  expect(network.asked).toBe(2);
});

test('calls that wait for the same owner share a question', async () => {
  const { network, others: [one], whom } = openThree('inboundFromStrangers');
  expect(await Promise.all(Array.from({ length: 30 }, async () => one.take(whom, 2)))).toEqual(Array(30).fill(0));
  expect(network.asked).toBeLessThanOrEqual(2);
  expect(await one.take(whom, 2)).toBe(2);
});

test('what is left of a chunk is spent for the others, and given back within a second', async () => {
  const { clock, owner, others: [one], whom } = openThree('chatNotices');
  const { capacity } = QUOTAS.chatNotices;
  expect(await one.take(whom, 1)).toBe(0);
  expect(owner.take(whom, capacity - 1)).toBeGreaterThan(0);
  await clock.advance(1000);
  expect(owner.take(whom, capacity - 1)).toBe(0);
  expect(owner.take(whom, 1)).toBeGreaterThan(0);
  expect(clock.pendingTimers()).toBe(0);
});

test('a use that is larger than the quota takes all of it, as in one process', async () => {
  const { others: [one], whom } = openThree('inboundFromStrangers');
  expect(await one.take(whom, 1000)).toBe(0);
  expect(await one.take(whom, 1)).toBe(1);
});

test('without an answer of the owner a limit on codes refuses', async () => {
  const { clock, network, others: [one], whom } = openThree('codeRequests');
  network.silent.add('a');
  const waiting = one.take(whom, 1);
  await clock.advance(500);
  expect(await waiting).toBe(5);
  network.silent.clear();
  expect(await one.take(whom, 1)).toBe(0);
});

test('without an answer of the owner a limit that protects somebody lets the share of a node pass', async () => {
  const { clock, network, others, whom } = openThree('inboundFromStrangers');
  network.silent.add('a');
  const waits = await Promise.all(others.map(async (quota) => {
    const calls = Promise.all(Array.from({ length: 100 }, async () => quota.take(whom, 1)));
    await clock.advance(500);
    return calls;
  }));
  for (const calls of waits) expect(calls.filter((waitS) => waitS === 0)).toHaveLength(QUOTAS.inboundFromStrangers.capacity / 3);
});

test('two buckets are taken from one after the other, whichever node counts', async () => {
  const asked: string[] = [];
  const second = (): number => (asked.push('second'), 3);
  expect([takeBoth(2, second), takeBoth(0, second)]).toEqual([2, 3]);
  expect([await takeBoth(Promise.resolve(2), second), await takeBoth(Promise.resolve(0), second)]).toEqual([2, 3]);
  expect(asked).toHaveLength(2);
  expect(refuseWait(0)).toBeUndefined();
  expect(() => refuseWait(1)).toThrow('FLOOD_WAIT_1');
  await expect(refuseWait(Promise.resolve(1))).rejects.toThrow('FLOOD_WAIT_1');
});
