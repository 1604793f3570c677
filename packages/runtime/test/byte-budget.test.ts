import { describe, expect, test } from 'vitest';
import { ByteBudget, type ByteHold } from '../src/index.ts';

const PART = 512;

/** Somebody who takes parts as soon as there is room, and gives them back when the test says. */
class Taker {
  readonly #budget: ByteBudget;
  readonly #owner: string;
  readonly #held: (() => void)[] = [];

  constructor(budget: ByteBudget, owner: string, parts: number) {
    this.#budget = budget;
    this.#owner = owner;
    for (let i = 0; i < parts; i++) this.take();
  }

  get parts(): number {
    return this.#held.length;
  }

  take(): void {
    this.#budget.whenRoom(this.#owner, PART, () => {
      const hold = this.#budget.open(this.#owner);
      hold.set(PART);
      this.#held.push(() => hold.set(0));
    });
  }

  giveBack(): void {
    this.#held.shift()?.();
  }
}

describe('a budget of bytes', () => {
  test('lets one owner have everything while nobody else wants any', () => {
    const budget = new ByteBudget(8 * PART);
    const alone = new Taker(budget, 'a', 20);
    expect([alone.parts, budget.total, budget.waiting]).toEqual([8, 8 * PART, 12]);
    for (let i = 0; i < 20; i++) alone.giveBack();
    expect([alone.parts, budget.total, budget.waiting]).toEqual([0, 0, 0]);
  });

  test('gives an owner who holds nothing one part at once, and then equal shares', () => {
    const budget = new ByteBudget(8 * PART);
    const first = new Taker(budget, 'a', 100);
    const second = new Taker(budget, 'b', 100);
    expect([first.parts, second.parts]).toEqual([8, 1]);
    for (let i = 0; i < 20; i++) (first.parts >= second.parts ? first : second).giveBack();
    expect(Math.abs(first.parts - second.parts)).toBeLessThanOrEqual(1);
    expect(budget.total).toBeLessThanOrEqual(9 * PART);
  });

  test('is exceeded by no more than one part for each owner, however slow the others are', () => {
    const budget = new ByteBudget(4 * PART);
    const slow = Array.from({ length: 10 }, (_, i) => new Taker(budget, `slow${i}`, 10));
    expect(budget.total).toBeLessThanOrEqual(14 * PART);
    const late = new Taker(budget, 'late', 1);
    expect(late.parts).toBe(1);
    late.giveBack();
    late.take();
    expect(late.parts).toBe(1);
    expect(slow.every(({ parts }) => parts >= 1)).toBe(true);
  });

  test('refuses more to those who hold much while somebody with less waits', () => {
    const budget = new ByteBudget(4 * PART);
    const [much, little] = [new Taker(budget, 'a', 3), new Taker(budget, 'b', 2)];
    expect([much.parts, little.parts, budget.waiting]).toEqual([3, 1, 1]);
    expect(budget.hasRoom('a', 1)).toBe(false);
    much.giveBack();
    expect([much.parts, little.parts, budget.waiting]).toEqual([2, 2, 0]);
  });

  test('forgets those who no longer wait, and lets others go on', () => {
    const budget = new ByteBudget(2 * PART);
    const taker = new Taker(budget, 'a', 1);
    let ran = 0;
    const large = budget.whenRoom('a', 2 * PART, () => void (ran += 1));
    budget.whenRoom('a', PART, () => void (ran += 10));
    expect(ran).toBe(0);
    large[Symbol.dispose]();
    expect(ran).toBe(10);
    taker.giveBack();
    expect([ran, budget.waiting]).toEqual([10, 0]);
  });

  test('moves what is held to another owner', () => {
    const budget = new ByteBudget(PART);
    const hold = budget.open('guest');
    hold.set(PART);
    hold.set(PART / 2, 'user');
    expect([budget.heldBy('guest'), budget.heldBy('user'), budget.total, hold.bytes]).toEqual([0, PART / 2, PART / 2, PART / 2]);
    hold.set(0);
    expect(budget.total).toBe(0);
  });

  test('those who wait to read and take later are not all let go on at once', () => {
    const budget = new ByteBudget(4 * PART);
    const taker = new Taker(budget, 'a', 4);
    let awake = 0;
    for (let i = 0; i < 10; i++) budget.whenRoom('a', PART, () => void (awake += 1));
    taker.giveBack();
    expect(awake).toBe(1);
  });
});

test('many owners who hold nothing yet do not take more than the most that is allowed', () => {
  const budget = new ByteBudget(100, { most: 200 });
  const holds: ByteHold[] = [];
  const take = (owner: string): void => {
    const hold = budget.open(owner);
    hold.set(60);
    holds.push(hold);
  };
  for (const owner of ['a', 'b', 'c']) {
    expect(budget.hasRoom(owner, 60)).toBe(true);
    take(owner);
  }
  expect(budget.hasRoom('d', 60)).toBe(false);
  let isServed = false;
  budget.whenRoom('d', 60, () => (isServed = true));
  expect(isServed).toBe(false);
  holds[0]!.set(0);
  expect(isServed).toBe(true);
});

test('many owners of a group leave room for other groups, and their own come before those who hold more', () => {
  const budget = new ByteBudget(4 * PART, { most: 8 * PART, groupOf: (owner) => owner.split('.')[0] });
  const crowd = Array.from({ length: 8 }, (_, at) => new Taker(budget, `crowd.${at}`, 1));
  expect([budget.total, budget.waiting]).toEqual([6 * PART, 2]);
  const others = ['a.1', 'b.1'].map((owner) => new Taker(budget, owner, 2));
  expect(others.map(({ parts }) => parts)).toEqual([1, 1]);
  crowd[0]!.giveBack();
  crowd[1]!.giveBack();
  expect(budget.total).toBe(6 * PART);
  // Owners of the crowd who hold nothing come before those who hold something.
  crowd[2]!.giveBack();
  expect(crowd.map(({ parts }) => parts)).toEqual([0, 0, 0, 1, 1, 1, 1, 0]);
  for (const taker of [...crowd, ...others]) while (taker.parts > 0) taker.giveBack();
  expect([budget.total, budget.waiting]).toEqual([0, 0]);
});
