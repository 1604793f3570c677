import { expect, test } from 'vitest';
import { createInProcessBus } from '../src/index.ts';
import { createFaultyBus, type Fate } from '../testing/index.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('delivers after the publisher has run, in the order of publishing, only to the topic', async () => {
  const bus = createInProcessBus();
  const seen: unknown[] = [];
  using _a = bus.subscribe('user:1', (hint) => seen.push(hint));
  using _b = bus.subscribe('user:2', (hint) => seen.push(['other', hint]));
  bus.publish('user:1', 1);
  bus.publish('user:2', 2);
  bus.publish('user:1', 3);
  bus.publish('user:9', 4);
  expect(seen).toEqual([]);
  await turn();
  expect(seen).toEqual([1, ['other', 2], 3]);
});

test('a hint published by a listener comes after earlier ones', async () => {
  const bus = createInProcessBus();
  const seen: unknown[] = [];
  using _a = bus.subscribe('t', (hint) => {
    seen.push(hint);
    if (hint === 1) bus.publish('t', 3);
  });
  bus.publish('t', 1);
  bus.publish('t', 2);
  await turn();
  expect(seen).toEqual([1, 2, 3]);
});

test('a disposed listener gets nothing more, and one that throws does not affect the others', async () => {
  const bus = createInProcessBus();
  const seen: unknown[] = [];
  using _bad = bus.subscribe('t', () => {
    throw new Error('bad listener');
  });
  const gone = bus.subscribe('t', () => seen.push('gone'));
  using _good = bus.subscribe('t', (hint) => seen.push(hint));
  bus.publish('t', 1);
  gone[Symbol.dispose]();
  gone[Symbol.dispose]();
  await turn();
  expect(seen).toEqual([1]);
});

test('the same function may subscribe twice', async () => {
  const bus = createInProcessBus();
  let calls = 0;
  const fn = (): void => void calls++;
  const first = bus.subscribe('t', fn);
  using _second = bus.subscribe('t', fn);
  bus.publish('t', 0);
  await turn();
  expect(calls).toBe(2);
  first[Symbol.dispose]();
  bus.publish('t', 0);
  await turn();
  expect(calls).toBe(3);
});

test('the faulty bus drops, duplicates, holds back and reorders', async () => {
  const fates: Fate[] = ['deliver', 'drop', 'duplicate', 'hold', 'hold'];
  const bus = createFaultyBus(createInProcessBus(), () => fates.shift() ?? 'deliver');
  const seen: unknown[] = [];
  using _a = bus.subscribe('t', (hint) => seen.push(hint));
  for (let hint = 1; hint <= 5; hint++) bus.publish('t', hint);
  await turn();
  expect(seen).toEqual([1, 3, 3]);
  expect(bus.release((held) => held.toReversed())).toBe(2);
  await turn();
  expect(seen).toEqual([1, 3, 3, 5, 4]);
});

test('the faulty bus reports a reconnect', () => {
  const bus = createFaultyBus(createInProcessBus(), () => 'deliver');
  let reconnects = 0;
  const listener = bus.onReconnect(() => reconnects++);
  bus.reconnect();
  listener[Symbol.dispose]();
  bus.reconnect();
  expect(reconnects).toBe(1);
});
