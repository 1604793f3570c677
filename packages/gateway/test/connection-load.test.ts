import { ByteBudget } from '@aerogram/runtime';
import { describe, expect, test } from 'vitest';
import { ConnectionLoad } from '../src/sockets/connection-load.ts';

const PART = 524_288;

function open(budget: ByteBudget): { load: ConnectionLoad; woken: () => number } {
  let count = 0;
  const load = new ConnectionLoad(budget, { readOn: () => void (count += 1) });
  return { load, woken: () => count };
}

describe('what a connection has on the way', () => {
  test('counts a long packet from its arrival until its requests are answered', () => {
    const budget = new ByteBudget(8 * PART);
    const { load } = open(budget);
    load.countPacket(1, PART + 100, 'a');
    load.countRequest(1, PART, 'a');
    load.countPacket(-1, PART + 100, 'a');
    expect(budget.total).toBe(PART);
    load.countRequest(-1, PART, 'a');
    expect(budget.total).toBe(0);
  });

  test('counts what is unsent, and leaves short packets out', () => {
    const budget = new ByteBudget(8 * PART);
    const { load } = open(budget);
    load.countPacket(1, 1_000, 'a');
    load.countRequest(1, 1_000, 'a');
    load.setUnsent(10_000, 'a');
    expect(budget.total).toBe(0);
    load.setUnsent(PART, 'a');
    expect(budget.total).toBe(PART);
    load.setUnsent(0, 'a');
    expect(budget.total).toBe(0);
  });

  test('stops reading while there is no room, and goes on when there is', () => {
    const budget = new ByteBudget(2 * PART);
    const { load, woken } = open(budget);
    load.countRequest(1, PART, 'a');
    expect(load.mustPause('a')).toBe(false);
    load.countRequest(1, PART, 'a');
    expect([load.mustPause('a'), load.mustPause('a'), budget.waiting]).toEqual([true, true, 1]);
    expect(woken()).toBe(0);
    load.countRequest(-1, PART, 'a');
    expect(woken()).toBe(1);
    expect(load.mustPause('a')).toBe(false);
  });

  test('never stops a connection that has no long packets, whatever its account does elsewhere', () => {
    const budget = new ByteBudget(PART);
    const { load } = open(budget);
    load.countRequest(1, PART, 'a');
    expect(open(budget).load.mustPause('a')).toBe(false);
    expect(load.mustPause('a')).toBe(true);
  });

  test('takes nothing any more when the connection is closed', () => {
    const budget = new ByteBudget(PART);
    const { load, woken } = open(budget);
    load.countRequest(1, PART, 'a');
    load.setUnsent(PART, 'a');
    load.mustPause('a');
    load.clear();
    expect([budget.total, budget.waiting, woken()]).toEqual([0, 0, 0]);
  });

  test('takes up no more than 256 requests or eight parts at once', () => {
    const { load } = open(new ByteBudget(64 * PART));
    for (let i = 0; i < 255; i++) load.countRequest(1, 100, 'a');
    expect(load.isFull).toBe(false);
    load.countRequest(1, 100, 'a');
    expect(load.isFull).toBe(true);
    const other = open(new ByteBudget(64 * PART)).load;
    for (let i = 0; i < 8; i++) other.countRequest(1, PART, 'a');
    expect(other.isFull).toBe(true);
  });
});
