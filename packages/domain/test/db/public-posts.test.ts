import { sql } from '@aerogram/storage';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { WidePlace } from '../../src/search/search-everywhere.ts';
import type { PublicMatches } from '../../src/search/search-public-posts.ts';
import { createWorld, type World } from './accounts-world.ts';

const ORIGIN = { authKeyId: 1n, sessionId: 1n };
const POSTS = 300_000;
const SLICE = 10_000;

let world: World;
let alice: bigint;
let channel: bigint;
let randomId = 1n;

/** Creates a public broadcast channel. @returns its marked id */
async function publicChannel(username: string): Promise<bigint> {
  const { first } = await world.domain.channels.doCreate({ creatorId: alice, kind: 'broadcast', title: 'News', about: '', ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN });
  await world.domain.channels.at(idOf(first.owner_id)).settings.doSetUsername({ actorId: alice, origin: ORIGIN }, username);
  return first.owner_id;
}

const idOf = (peerId: bigint): bigint => -peerId - 10n ** 12n;

function search(text: string, after?: WidePlace): Promise<PublicMatches> {
  return world.domain.publicPosts.search({ viewerId: alice, text, isTag: true, limit: 20, after });
}

/**
 * Every post has the tag `#common`, only the oldest third has `#old`, and only the newest third has `#new`; ten posts in the middle have `#rare`.
 */
beforeAll(async () => {
  world = await createWorld();
  ({ userId: alice } = await world.signUp('9996610011', 'Alice'));
  channel = await publicChannel('very_busy_channel');
  for (let from = 1; from <= POSTS; from += SLICE) {
    const numbers = sql`generate_series(${from}::integer, ${from + SLICE - 1}::integer) AS n`;
    await sql`INSERT INTO channel_messages (channel_id, msg_id, pts, ordinal, poster_id, from_id, date, flags, text)
      SELECT ${idOf(channel)}, 1 + n, 2 + n, 1 + n, ${alice}::bigint, ${channel}::bigint, 1000 + n, 0, 'post ' || n FROM ${numbers}`.execute(world.db.q);
    await sql`INSERT INTO public_posts (channel_id, msg_id, date, terms)
      SELECT ${idOf(channel)}, 1 + n, 1000 + n, array_to_tsvector(array_remove(ARRAY['#common', 'n' || n,
             CASE WHEN n <= ${POSTS / 3}::integer THEN '#old' WHEN n > ${(POSTS * 2) / 3}::integer THEN '#new' WHEN n % 10000 = 5 THEN '#rare' END], NULL))
        FROM ${numbers}`.execute(world.db.q);
  }
}, 240_000);
afterAll(() => world[Symbol.asyncDispose]());

describe('among 300,000 public posts', () => {
  test('a word of all posts finds the newest, in pages, with a bounded count and in a bounded time', async () => {
    const startedMs = performance.now();
    const first = await search('#common');
    expect(performance.now() - startedMs).toBeLessThan(3000);
    expect(first).toMatchObject({ count: 5000, inexact: true });
    expect(first.rows.map((row) => row.msg_id)).toEqual(Array.from({ length: 20 }, (_, n) => POSTS + 1 - n));
    const last = first.rows.at(-1)!;
    const second = await search('#common', { owner: channel, msgId: last.msg_id, date: last.date });
    expect(second.rows.map((row) => row.msg_id)).toEqual(Array.from({ length: 20 }, (_, n) => POSTS - 19 - n));
    // A client that does not say the date gets the same page.
    expect((await search('#common', { owner: channel, msgId: last.msg_id, date: 0 })).rows).toEqual(second.rows);
  });

  test('a word of old posts alone finds some of them, and a rare one all, in order', async () => {
    const startedMs = performance.now();
    const old = await search('#old');
    expect(old).toMatchObject({ count: 5000, inexact: true });
    expect(old.rows).toHaveLength(20);
    expect(old.rows.every((row) => row.msg_id <= 1 + POSTS / 3)).toBe(true);
    const rare = await search('#rare');
    expect(rare.inexact).toBeUndefined();
    expect(rare.count).toBe(10);
    expect(rare.rows.map((row) => row.msg_id)).toEqual(Array.from({ length: 10 }, (_, n) => 190_006 - n * 10_000));
    // Two frequent words that no post has together.
    const { rows, count } = await world.domain.publicPosts.search({ viewerId: alice, text: '#old #new', isTag: false, limit: 20, after: undefined });
    expect({ rows, count }).toEqual({ rows: [], count: 0 });
    expect(performance.now() - startedMs).toBeLessThan(5000);
  });

  test('nothing is found of them at once when the channel becomes private', async () => {
    const { settings } = world.domain.channels.at(idOf(channel));
    await settings.doSetUsername({ actorId: alice, origin: ORIGIN }, '');
    expect(await search('#rare')).toEqual({ rows: [], count: 0 });
    expect((await search('#common')).rows).toEqual([]);
    await settings.doSetUsername({ actorId: alice, origin: ORIGIN }, 'very_busy_channel');
    // Its rows are still there.
    expect((await search('#rare')).count).toBe(10);
  });
});
