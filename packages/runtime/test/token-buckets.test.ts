import { describe, expect, it } from 'vitest';

import { createFakeClock, networkOf, TokenBuckets } from '../src/index.ts';

describe('token buckets', () => {
  it('give what was saved up, then what is refilled, and say how long to wait', async () => {
    const clock = createFakeClock();
    const buckets = new TokenBuckets(clock, { capacity: 3, tokensPerSecond: 0.5, maxBuckets: 2 });
    expect([buckets.take('a', 2), buckets.take('a', 1), buckets.take('a', 1), buckets.take('a', 3)]).toEqual([0, 0, 2, 6]);
    await clock.advance(2000);
    expect(buckets.take('a', 1)).toBe(0);
    expect(buckets.take('b', 3)).toBe(0);
    // A cost above the capacity takes the capacity.
    await clock.advance(6000);
    expect(buckets.take('a', 100)).toBe(0);
    // The least recently used one is dropped.
    buckets.take('c', 3);
    expect(buckets.take('b', 3)).toBe(0);
  });

  it('are not refilled by being dropped while their owner keeps using them, however many others there are', () => {
    const buckets = new TokenBuckets(createFakeClock(), { capacity: 10, tokensPerSecond: 1, maxBuckets: 100 });
    expect(buckets.take('mine', 10)).toBe(0);
    for (let other = 0; other < 10_000; other++) {
      buckets.take(`other ${other}`, 1);
      // A refused use is also a use.
      if (other % 40 === 0) expect(buckets.take('mine', 1)).toBe(1);
    }
  });

  it('may go negative by an additional cost, down to minus their capacity', async () => {
    const clock = createFakeClock();
    const buckets = new TokenBuckets(clock, { capacity: 10, tokensPerSecond: 1, maxBuckets: 2 });
    buckets.charge('a', 1_000);
    expect([buckets.spent('a'), buckets.spent('b')]).toEqual([20, 0]);
    expect(buckets.take('a', 1)).toBe(11);
    await clock.advance(11_000);
    expect(buckets.spent('a')).toBe(9);
    expect(buckets.take('a', 1)).toBe(0);
  });
});

describe('networks', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['2001:db8:0:1::5', '2001:db8:0:1'],
    ['2001:DB8::1', '2001:db8:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
  ])('%s counts as %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  it('give whole tokens, as many as there are, if there are enough, and take them back up to the capacity', async () => {
    const clock = createFakeClock();
    const buckets = new TokenBuckets(clock, { capacity: 10, tokensPerSecond: 0.5, maxBuckets: 10 });
    expect(buckets.takeSome('a', { least: 1, most: 8 })).toEqual({ taken: 8, left: 2 });
    await clock.advance(1000);
    expect(buckets.takeSome('a', { least: 3, most: 5 })).toEqual({ taken: 0, left: 2.5 });
    expect(buckets.takeSome('a', { least: 2, most: 5 })).toEqual({ taken: 2, left: 0.5 });
    buckets.giveBack('a', 20);
    expect(buckets.spent('a')).toBe(0);
    buckets.charge('a', 15);
    expect(buckets.takeSome('a', { least: 0, most: 5 })).toEqual({ taken: 0, left: -5 });
  });
});
