import { sql } from '@aerogram/storage';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type SearchedBox, searchEverywhere, type WideMatches, type WidePlace, type WideQuery } from '../../src/search/search-everywhere.ts';
import { createWorld, type World } from './accounts-world.ts';

const ALICE = 11n;
const BUSY = -1_000_000_000_001n;
const QUIET = -1_000_000_000_002n;
const POSTS = 60_000;
const SLICE = 10_000;
const BOXES: readonly SearchedBox[] = [ALICE, BUSY, QUIET].map((owner) => ({ owner, startId: 0 }));
const open = { minDate: 0, maxDate: 0, kinds: undefined, fromId: undefined };

let world: World;

/** Adds search rows: the dates are `1000 + id * step`, and each row has the terms of `words`. */
async function fill(owner: bigint, { count, step, words }: { count: number; step: number; words: string }): Promise<void> {
  const prefix = `${owner.toString(36)}:`;
  for (let from = 1; from <= count; from += SLICE) {
    await sql`INSERT INTO message_search (owner_id, msg_id, peer_id, date, terms)
      SELECT ${owner}, n, ${owner}, 1000 + n * ${step}::integer, array_to_tsvector(array_remove(array_append(
               ARRAY(SELECT ${prefix}::text || w FROM unnest(string_to_array(${words}, ' ')) AS w),
               CASE WHEN n <= 8000 AND ${count}::integer > 8000 THEN ${prefix}::text || 'ancient' END), NULL))
        FROM generate_series(${from}::integer, LEAST(${from + SLICE - 1}::integer, ${count}::integer)) AS n`.execute(world.db.q);
  }
}

beforeAll(async () => {
  world = await createWorld();
  await fill(BUSY, { count: POSTS, step: 1, words: 'needle' });
  await fill(QUIET, { count: 50, step: 1200, words: 'needle quiet' });
  await fill(ALICE, { count: 20, step: 3000, words: 'needle' });
}, 240_000);
afterAll(() => world[Symbol.asyncDispose]());

const search = (text: string, more: Partial<WideQuery> = {}, boxes = BOXES): Promise<WideMatches> =>
  searchEverywhere(world.db, ALICE, boxes, { ...open, text, limit: 100, after: undefined, ...more });

const dateOf = ({ owner, msgId }: { owner: bigint; msgId: number }): number => 1000 + msgId * (owner === BUSY ? 1 : owner === QUIET ? 1200 : 3000);

/** All messages in the order of the answer, newest first. */
function inOrder(boxes: readonly { owner: bigint; count: number }[]): { owner: bigint; msgId: number }[] {
  const all = boxes.flatMap(({ owner, count }) => Array.from({ length: count }, (_, n) => ({ owner, msgId: n + 1 })));
  return all.sort((a, b) => dateOf(b) - dateOf(a) || (a.owner === b.owner ? b.msgId - a.msgId : a.owner > b.owner ? -1 : 1));
}

describe('a search in many boxes', () => {
  test('of which one has more matches than are read finds the newest of all, page by page', async () => {
    const expected = inOrder([{ owner: BUSY, count: POSTS }, { owner: QUIET, count: 50 }, { owner: ALICE, count: 20 }]);
    let after: WidePlace | undefined;
    for (let page = 0; page < 5; page++) {
      const startedMs = performance.now();
      const { places, count, inexact } = await search('needle', { after });
      expect(performance.now() - startedMs).toBeLessThan(3000);
      expect({ count, inexact }).toEqual({ count: 20_000, inexact: true });
      expect(places.map(({ owner, msgId }) => ({ owner, msgId }))).toEqual(expected.slice(page * 100, page * 100 + 100));
      const last = places.at(-1)!;
      after = { ...last, date: dateOf(last) };
    }
    // A page far back, and one up to a date.
    const far = expected[45_000]!;
    const { places } = await search('needle', { after: { ...far, date: dateOf(far) }, limit: 3 });
    expect(places.map(({ owner, msgId }) => ({ owner, msgId }))).toEqual(expected.slice(45_001, 45_004));
    const upTo = await search('needle', { maxDate: 20_000, limit: 3 });
    expect(upTo.places.map(dateOf)).toEqual(expected.map(dateOf).filter((date) => date <= 20_000).slice(0, 3));
  });

  test('counts exactly and finds all where there are few matches', async () => {
    const { places, count, inexact } = await search('quiet', { limit: 10 });
    expect({ count, inexact }).toEqual({ count: 50, inexact: undefined });
    expect(places.map(({ msgId }) => msgId)).toEqual(Array.from({ length: 10 }, (_, n) => 50 - n));
  });

  test('finds old messages, too, if the newest ones that are examined do not match', async () => {
    const { places, inexact } = await search('ancient');
    expect(inexact).toBe(true);
    expect(places).toHaveLength(100);
    expect(places.every(({ owner, msgId }) => owner === BUSY && msgId <= 8000)).toBe(true);
  });

  test('of 500 channels with many matches each takes a bounded time', async () => {
    const boxes = Array.from({ length: 500 }, (_, n) => ({ owner: -1_000_000_001_000n - BigInt(n), startId: 0 }));
    for (let at = 0; at < boxes.length; at += 50) {
      await sql`INSERT INTO message_search (owner_id, msg_id, peer_id, date, terms)
        SELECT o, n, o, 1000 + n * 500, array_to_tsvector(ARRAY[p || 'word', p || 'm' || n])
          FROM unnest(${boxes.slice(at, at + 50).map((box) => box.owner)}::bigint[], ${boxes.slice(at, at + 50).map((box) => `${box.owner.toString(36)}:`)}::text[]) AS b (o, p), generate_series(1, 300) AS n`.execute(world.db.q);
    }
    const startedMs = performance.now();
    const { places, inexact } = await search('word', {}, boxes);
    expect(performance.now() - startedMs).toBeLessThan(5000);
    expect(inexact).toBe(true);
    expect(places).toHaveLength(100);
    expect(places.every(({ msgId }) => msgId === 300)).toBe(true);
  });
});
