import { expect, test } from 'vitest';
import { OpenConnections } from '../src/sockets/open-connections.ts';
import type { Watched } from '../src/sockets/watched.ts';

/** Connections that record when they were checked. */
function stage(count: number) {
  const connections = new OpenConnections();
  const looks: number[] = [];
  const make = (onLook: () => void = () => {}): Watched => {
    const at = looks.push(0) - 1;
    return {
      watch() {
        looks[at]! += 1;
        onLook();
      },
      stopReading() {},
      close() {},
    };
  };
  for (let i = 0; i < count; i++) connections.add(make());
  return { connections, looks, make };
}

test('while there are few connections, each is checked once per tick, including those that come and go', () => {
  const { connections, looks, make } = stage(100);
  connections.watch(1);
  connections.watch(2);
  expect(new Set(looks)).toEqual(new Set([2]));
  const going = make(() => connections.delete(going));
  connections.add(going);
  connections.add(make());
  connections.watch(3);
  connections.watch(4);
  expect(looks).toEqual([...Array.from({ length: 100 }, () => 4), 1, 2]);
  connections.clear();
  connections.watch(5);
  expect(looks[0]).toBe(4);
});

test('of many connections, each is checked once in eight ticks', () => {
  const { connections, looks } = stage(40_000);
  for (let turn = 0; turn < 8; turn++) connections.watch(turn);
  expect(new Set(looks)).toEqual(new Set([1]));
  connections.watch(8);
  expect(looks.filter((count) => count === 2)).toHaveLength(5000);
});
