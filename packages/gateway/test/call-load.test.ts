import { describe, expect, test } from 'vitest';
import { CallLoad } from '../src/call-load.ts';
import { Turns } from '../src/turns.ts';
import { call, openStage } from './gateway-stage.ts';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function spin(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

describe('work that was put off', () => {
  test('goes on in turns, some milliseconds a turn, and everyone has had one before anyone has two', async () => {
    using turns = new Turns();
    const done: string[] = [];
    const work = (name: string, left: number): void => {
      done.push(name);
      spin(3);
      if (left > 0) turns.later(() => work(name, left - 1));
    };
    for (const name of ['a', 'b', 'c', 'd', 'e']) turns.later(() => work(name, 1));
    await nextTurn();
    expect(done.length).toBeLessThan(5);
    while (done.length < 10) await nextTurn();
    expect(done).toEqual(['a', 'b', 'c', 'd', 'e', 'a', 'b', 'c', 'd', 'e']);
  });

  test('a session has some milliseconds for reading its calls, and then some more', () => {
    const load = new CallLoad<never>();
    expect(load.hasTime(100)).toBe(true);
    load.spend(5);
    expect(load.hasTime(101)).toBe(false);
    expect(load.hasTime(120)).toBe(true);
  });
});

test('a container of dear calls keeps nobody else waiting', async () => {
  const stage = await openStage();
  const [heavy, light] = [await stage.connect(), await stage.connect()];
  await heavy.call(call(0));
  await light.call(call(0));
  stage.dispatcher.answers.set(1, () => {
    spin(3);
    return {};
  });
  heavy.send(Array.from({ length: 300 }, () => ({ body: call(1) })));
  await stage.dispatcher.heard(4);
  expect(await light.call(call(2))).toEqual(call(2));
  // All of it would have taken a second.
  expect(stage.dispatcher.calls.length).toBeLessThan(150);
});
