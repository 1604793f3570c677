import { expect, test } from 'vitest';
import { type Leaving, type LeaseState, planLeases, type SeenLease } from '../src/leases/plan-leases.ts';

const BUCKETS = Array.from({ length: 40 }, (_, bucket) => bucket);
const NONE: Leaving = { since: new Map(), step: undefined };
const seen = (bucket: number, state: 'mine' | 'free' | 'taken'): SeenLease => ({ bucket, token: BigInt(bucket) + 5n, is_mine: state === 'mine', is_free: state === 'free' });
const plan = (changes: Partial<LeaseState>): ReturnType<typeof planLeases> => planLeases({ buckets: BUCKETS, leases: [], owns: () => true, isBusy: () => false, leaving: NONE, ...changes });

test('what is its own is taken, with the token that was read, unless another holds it', () => {
  const { take, keep, giveUp } = plan({ leases: [seen(0, 'mine'), seen(1, 'free'), seen(2, 'taken')], owns: (bucket) => bucket < 4 });
  expect(take).toEqual([{ bucket: 1, token: 6n }, { bucket: 3, token: 0n }]);
  expect([keep, giveUp]).toEqual([[0], []]);
});

test('what belongs to others is given up in four renewals, and what is free of it is not taken', () => {
  let leases = BUCKETS.map((bucket) => seen(bucket, 'mine'));
  let leaving = NONE;
  const given: number[] = [];
  for (let renewal = 0; renewal < 4; renewal++) {
    const next = plan({ leases, owns: (bucket) => bucket >= 30, leaving });
    given.push(next.giveUp.length);
    expect(next.take).toEqual([]);
    leaving = next.leaving;
    leases = leases.map((lease) => (next.giveUp.includes(lease.bucket) ? seen(lease.bucket, 'free') : lease));
  }
  expect(given).toEqual([8, 8, 8, 6]);
  expect(leases.filter((lease) => lease.is_mine).map(({ bucket }) => bucket)).toEqual(BUCKETS.slice(30));
});

test('a node that owns nothing any more gives all up at once', () => {
  expect(plan({ leases: BUCKETS.map((bucket) => seen(bucket, 'mine')), owns: () => false }).giveUp).toEqual(BUCKETS);
});

test('a bucket in which work is under way begins no more and is given up later, but not much later', () => {
  const state = { leases: [seen(0, 'mine')], owns: (bucket: number) => bucket > 0 && bucket < 2, isBusy: () => true };
  let leaving = NONE;
  for (let renewal = 0; renewal < 4; renewal++) {
    const next = plan({ ...state, leaving });
    expect([next.keep, next.giveUp]).toEqual([[], []]);
    leaving = next.leaving;
  }
  expect(plan({ ...state, isBusy: () => false, leaving }).giveUp).toEqual([0]);
  expect(plan({ ...state, leaving }).giveUp).toEqual([0]);
});

test('a bucket that comes back before it was given up is kept', () => {
  const { leaving } = plan({ leases: [seen(0, 'mine')], owns: (bucket) => bucket === 1, isBusy: () => true });
  expect(plan({ leases: [seen(0, 'mine')], leaving })).toMatchObject({ keep: [0], giveUp: [] });
});
