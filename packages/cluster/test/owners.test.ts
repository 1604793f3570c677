import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ownerOf } from '../src/index.ts';

const KEYS = 50_000;

/** Names as those of real nodes. */
const NAMES = Array.from({ length: 12 }, (_, n) => createHash('sha256').update(`node ${n}`).digest('hex').slice(0, 24));

const kinds: [string, (n: number) => string | bigint][] = [
  ['auth keys', (n) => createHash('sha1').update(String(n)).digest().readBigInt64LE()],
  ['bots with ids one after the other', (n) => `bot:${100_000 + n}`],
  ['buckets', (n) => `bucket:jobs:${n}`],
];

/** The owner of each key. */
const ownersOf = (keyOf: (n: number) => string | bigint, members: readonly string[]): string[] => Array.from({ length: KEYS }, (_, n) => ownerOf(keyOf(n), members));

describe.each(kinds)('%s', (_, keyOf) => {
  test.each([2, 3, 5, 12])('are shared evenly by %i members', (count) => {
    const members = NAMES.slice(0, count);
    const owners = ownersOf(keyOf, members);
    for (const name of members) {
      const share = owners.filter((owner) => owner === name).length / (KEYS / count);
      expect(Math.abs(share - 1), `${name} has ${share} of its share`).toBeLessThan(0.05);
    }
  });

  test('move only to a member that joins, and only from one that leaves', () => {
    for (let count = 2; count < 8; count++) {
      const [few, many] = [NAMES.slice(0, count), NAMES.slice(0, count + 1)];
      const [before, after] = [ownersOf(keyOf, few), ownersOf(keyOf, many)];
      const moved = after.filter((owner, n) => owner !== before[n]);
      expect(new Set(moved)).toEqual(new Set([NAMES[count]!]));
      expect(Math.abs(moved.length / (KEYS / (count + 1)) - 1)).toBeLessThan(0.05);
    }
  });

  test('have the same owner in whichever order the members are named', () => {
    const members = NAMES.slice(0, 5);
    expect(ownersOf(keyOf, members.toReversed())).toEqual(ownersOf(keyOf, members));
  });
});

test('the id of an auth key has one owner, with or without its sign', () => {
  for (let n = 1n; n < 100n; n++) expect(ownerOf(-n, NAMES)).toBe(ownerOf(2n ** 64n - n, NAMES));
});

// Members of two versions of the program must agree.
test('the owner of a key never changes', () => {
  expect([ownerOf(1n, NAMES), ownerOf('bot:7', NAMES), ownerOf('upload:1:2', NAMES)].map((name) => NAMES.indexOf(name))).toEqual([7, 2, 4]);
});

test('somebody must serve', () => {
  expect(() => ownerOf(1n, [])).toThrow('nobody serves');
});
