import { expect, test } from 'vitest';

import { type LeaveLane, PushLanes } from '../src/notices/push-lanes.ts';

/** Takes as many places as there are, for as many accounts as needed. */
function fill(lanes: PushLanes, nameOf: (n: number) => string): LeaveLane[] {
  const inside: LeaveLane[] = [];
  for (let n = 0; ; n++) {
    const leave = lanes.enter({ name: nameOf(n), owner: BigInt(n) });
    if (typeof leave === 'number') return inside;
    inside.push(leave);
  }
}

/** Has a push service take a notice. */
const prove = (lanes: PushLanes, name: string): void => (lanes.enter({ name, owner: 1_000_000n }) as LeaveLane)(true);

test('a push service gets eight notices at a time, and an account has four on their way', () => {
  const lanes = new PushLanes();
  prove(lanes, 'a');
  expect(fill(lanes, () => 'a')).toHaveLength(8);
  const own = Array.from({ length: 5 }, (_, n) => lanes.enter({ name: `of-one-${n}`, owner: 70n }));
  expect(own.map((leave) => typeof leave)).toEqual(['function', 'function', 'function', 'function', 'number']);
  (own[0] as LeaveLane)(undefined);
  expect(lanes.enter({ name: 'b', owner: 70n })).toBeTypeOf('function');
});

test('push services that never answer share sixteen places, and leave those that have answered alone', () => {
  const lanes = new PushLanes();
  prove(lanes, 'known');
  const hanging = fill(lanes, (n) => `hangs-${n}`);
  expect(hanging).toHaveLength(16);
  expect(lanes.enter({ name: 'known', owner: 1n })).toBeTypeOf('function');
  hanging[0]!(false);
  expect(lanes.enter({ name: 'new', owner: 1n })).toBeTypeOf('function');
});

test('one that answered before and has failed three times is asked for one notice at a time, until it answers', () => {
  const lanes = new PushLanes();
  prove(lanes, 'a');
  for (let n = 0; n < 3; n++) (lanes.enter({ name: 'a', owner: 1n }) as LeaveLane)(false);
  const [only, ...others] = fill(lanes, () => 'a');
  expect(others).toEqual([]);
  only!(true);
  expect(fill(lanes, () => 'a')).toHaveLength(8);
});

test('the more notices wait for the same, the later each is looked at again', () => {
  const lanes = new PushLanes();
  const inside = fill(lanes, () => 'a');
  const waits = Array.from({ length: 1000 }, () => lanes.enter({ name: 'a', owner: 5_000n }) as number);
  expect(waits[0]).toBe(500);
  expect(waits[100]).toBeGreaterThan(5000);
  expect(waits.at(-1)).toBe(20_000);
  for (const leave of inside) leave(true);
  expect(lanes.enter({ name: 'a', owner: 5_000n })).toBeTypeOf('function');
});
