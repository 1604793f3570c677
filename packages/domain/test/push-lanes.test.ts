import { expect, test } from 'vitest';

import { type LaneUse, type LeaveLane, PushLanes } from '../src/notices/push-lanes.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Whether a notice got a place, waits for one, or was turned away, and how it leaves its place. */
async function ask(lanes: PushLanes, use: LaneUse): Promise<{ state: 'inside' | 'waits' | 'turned away'; leave: LeaveLane }> {
  const asked: { state: 'inside' | 'waits' | 'turned away'; leave: LeaveLane } = { state: 'waits', leave: () => {} };
  void lanes.enter(use).entered.then((leave) => Object.assign(asked, leave ? { state: 'inside', leave } : { state: 'turned away' }));
  await turn();
  return asked;
}

/** Asks for so many places, each for another account. */
async function askMany(lanes: PushLanes, count: number, nameOf: (n: number) => string): Promise<Awaited<ReturnType<typeof ask>>[]> {
  const asked = [];
  for (let n = 0; n < count; n++) asked.push(await ask(lanes, { name: nameOf(n), owner: BigInt(n) }));
  return asked;
}

const count = (asked: readonly { state: string }[], state: string): number => asked.filter((one) => one.state === state).length;

/** Has a push service answer, or fail. */
async function answer(lanes: PushLanes, name: string, isAnswered = true): Promise<void> {
  (await ask(lanes, { name, owner: 1_000_000n })).leave(isAnswered);
}

test('a push service gets eight notices at a time, and those beyond follow in their order', async () => {
  const lanes = new PushLanes();
  await answer(lanes, 'a');
  const asked = await askMany(lanes, 10, () => 'a');
  expect([count(asked, 'inside'), count(asked, 'waits')]).toEqual([8, 2]);
  asked[3]!.leave(true);
  await turn();
  expect(asked.slice(8).map(({ state }) => state)).toEqual(['inside', 'waits']);
});

test('of an account, four notices are on their way, whatever their push services', async () => {
  const lanes = new PushLanes();
  const own = [];
  for (let n = 0; n < 6; n++) own.push(await ask(lanes, { name: `of-one-${n}`, owner: 7n }));
  expect([count(own, 'inside'), count(own, 'waits')]).toEqual([4, 2]);
  // Somebody else does not wait behind them.
  expect((await ask(lanes, { name: 'of-one-5', owner: 8n })).state).toBe('inside');
  own[0]!.leave(undefined);
  await turn();
  expect(count(own, 'inside')).toBe(5);
});

test('push services that never answer share sixteen places, and leave those that have answered alone', async () => {
  const lanes = new PushLanes();
  await answer(lanes, 'known');
  const hanging = await askMany(lanes, 100, (n) => `hangs-${n}`);
  expect([count(hanging, 'inside'), count(hanging, 'waits'), count(hanging, 'turned away')]).toEqual([16, 64, 20]);
  expect((await ask(lanes, { name: 'known', owner: 5000n })).state).toBe('inside');
  hanging[0]!.leave(false);
  await turn();
  expect(hanging[16]!.state).toBe('inside');
});

test('one that answered before and has failed three times is asked for one notice at a time until it answers, and those that wait for it are put off', async () => {
  const lanes = new PushLanes();
  await answer(lanes, 'a');
  const asked = await askMany(lanes, 20, () => 'a');
  for (const { leave } of asked.slice(0, 3)) leave(false);
  await turn();
  expect(count(asked.slice(11), 'turned away')).toBe(9);
  expect(lanes.againMs('a')).toBe(2000);
  for (const { leave } of asked.slice(3, 11)) leave(false);
  expect(lanes.againMs('a')).toBe(60_000);
  const later = await askMany(lanes, 5, () => 'a');
  expect(later.map(({ state }) => state)).toEqual(['inside', 'waits', 'waits', 'turned away', 'turned away']);
  later[0]!.leave(true);
  expect(count(await askMany(lanes, 10, () => 'a'), 'inside')).toBe(6);
});

test('services that share places get them in turn, whoever leaves one', async () => {
  const lanes = new PushLanes();
  const hanging = await askMany(lanes, 40, (n) => `hangs-${n % 2}`);
  const honest = await ask(lanes, { name: 'honest', owner: 5000n });
  expect(honest.state).toBe('waits');
  for (const { leave } of hanging.filter(({ state }) => state === 'inside').slice(0, 3)) leave(undefined);
  await turn();
  expect(honest.state).toBe('inside');
});

test('who gives up waits no more, and leaves its place in the line to others', async () => {
  const lanes = new PushLanes();
  const inside = await askMany(lanes, 8, () => 'a');
  const asked = lanes.enter({ name: 'a', owner: 100n });
  const next = await ask(lanes, { name: 'a', owner: 101n });
  asked.giveUp();
  asked.giveUp();
  expect(await asked.entered).toBeUndefined();
  inside[0]!.leave(true);
  await turn();
  expect(next.state).toBe('inside');
});

test('nobody waits any more when the process ends', async () => {
  const lanes = new PushLanes();
  const asked = await askMany(lanes, 10, () => 'a');
  lanes[Symbol.dispose]();
  await turn();
  expect([count(asked, 'inside'), count(asked, 'turned away')]).toEqual([8, 2]);
  expect((await ask(lanes, { name: 'b', owner: 5n })).state).toBe('turned away');
});
