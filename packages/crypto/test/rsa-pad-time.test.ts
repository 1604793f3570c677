import { expect, it, vi } from 'vitest';
import type * as Hash from '../src/hash.ts';
import { sha1 } from '../src/hash.ts';
import { sha1PadOpen } from '../src/rsa-pad.ts';
import { seeded } from './seeded.ts';

vi.mock('../src/hash.ts', async (importOriginal) => {
  const real = await importOriginal<typeof Hash>();
  return { ...real, sha1: vi.fn<typeof real.sha1>(real.sha1) };
});

it('the older padding is hashed once, over about the same number of bytes, whatever is wrong with a block', () => {
  const random = seeded('padding');
  const hashed = vi.mocked(sha1);
  const open = (first: number, length: number | undefined): number[] => {
    hashed.mockClear();
    const block = random.bytes(256);
    block[0] = first;
    expect(sha1PadOpen(block, () => length)).toBeUndefined();
    return hashed.mock.calls.map(([data]) => data.length);
  };
  const usual = open(0, 96);
  expect(usual).toEqual([96]);
  expect(open(7, 96)).toEqual(usual);
  expect(open(0, undefined)).toEqual(usual);
  expect(open(7, undefined)).toEqual(usual);
  expect(open(0, 1_000)).toEqual(usual);
});
