import { sql } from '@aerogram/storage';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { MessageFlag } from '../../src/events/index.ts';
import { indexAllBehind } from '../../src/search/index.ts';
import { createWorld, type World } from './accounts-world.ts';

const ORIGIN = { authKeyId: 1n, sessionId: 1n };
const OTHERS = 40_000;

describe('messages of somebody who wrote little in a large supergroup', () => {
  let world: World;
  let alice: bigint;
  let bob: bigint;
  let channelId: bigint;
  let peerId: bigint;
  beforeAll(async () => {
    world = await createWorld();
    ({ userId: alice } = await world.signUp('9996610021', 'Alice'));
    ({ userId: bob } = await world.signUp('9996610022', 'Bob'));
    const { first } = await world.domain.channels.doCreate({ creatorId: alice, kind: 'megagroup', title: 'Large', about: '', ttlPeriod: 0, randomId: 1n, origin: ORIGIN });
    peerId = first.owner_id;
    channelId = -peerId - 10n ** 12n;
  }, 120_000);
  afterAll(() => world[Symbol.asyncDispose]());

  /** Adds messages as rows, after those that there are. @param bobEvery each message with such a number is Bob's */
  async function fill(from: number, count: number, bobEvery: number): Promise<void> {
    await sql`INSERT INTO channel_messages (channel_id, msg_id, pts, ordinal, poster_id, from_id, date, flags, text)
      SELECT ${channelId}, n, n + 1, n, a.id, a.id, 1, 0, 'm'
        FROM generate_series(${from}::integer, ${from + count - 1}::integer) AS n, LATERAL (SELECT CASE WHEN n % ${bobEvery}::integer = 0 THEN ${bob}::bigint ELSE ${alice}::bigint END AS id) AS a`.execute(world.db.q);
    await sql`UPDATE counters SET pts = ${from + count}::integer, next_msg_id = ${from + count}::integer WHERE owner_id = ${peerId}`.execute(world.db.q);
    await sql`UPDATE channel_heads SET ordinal = ${from + count - 1}::integer, top_msg_id = ${from + count - 1}::integer WHERE channel_id = ${channelId}`.execute(world.db.q);
  }

  test('are found by the search index and, where it is behind, one by one, and all are deleted', async () => {
    await fill(2, 2000, 500);
    await indexAllBehind(world.db);
    // Rows that only the index has to pass over.
    await sql`INSERT INTO message_search (owner_id, msg_id, peer_id, date, terms)
      SELECT owner_id, 100000 + n, peer_id, date, terms FROM message_search, generate_series(1, ${OTHERS}::integer) AS n WHERE owner_id = ${peerId} AND msg_id = 2`.execute(world.db.q);
    await sql`ANALYZE message_search`.execute(world.db.q);
    await fill(2002, 10, 3);
    const ids = await world.domain.search.listPostsOf(peerId, bob, 100);
    expect(new Set(ids)).toEqual(new Set([500, 1000, 1500, 2000, 2004, 2007, 2010]));
    expect(await world.domain.search.listPostsOf(peerId, bob, 3)).toHaveLength(3);
    const { posts } = world.domain.channels.at(channelId);
    expect(await posts.doDeleteOf({ actorId: alice, origin: ORIGIN }, bob)).toMatchObject({ ptsCount: 7, offset: 0 });
    expect(await posts.doDeleteOf({ actorId: alice, origin: ORIGIN }, bob)).toMatchObject({ ptsCount: 0, offset: 0 });
  });

  test('are deleted although the first messages of many topics stay, which only go with the topics', async () => {
    await fill(2012, 601, 1);
    await sql`UPDATE channel_messages SET top_id = msg_id, flags = ${MessageFlag.service | MessageFlag.inTopic} WHERE channel_id = ${channelId} AND msg_id >= 2012 AND msg_id < 2612`.execute(world.db.q);
    const remove = () => world.domain.channels.at(channelId).posts.doDeleteOf({ actorId: alice, origin: ORIGIN }, bob);
    expect(await remove()).toMatchObject({ ptsCount: 1, offset: 0 });
    await fill(2613, 1, 1);
    await indexAllBehind(world.db);
    expect(await remove()).toMatchObject({ ptsCount: 1, offset: 0 });
    await sql`DELETE FROM channel_messages WHERE channel_id = ${channelId} AND top_id IS NOT NULL`.execute(world.db.q);
  });

  test('are deleted in slices if there are many, with the first message of the channel left', async () => {
    expect(await world.domain.channels.at(channelId).posts.doDeleteOf({ actorId: alice, origin: ORIGIN }, alice)).toMatchObject({ ptsCount: 500, offset: 1 });
    for (let isMore = true; isMore; ) isMore = (await world.domain.channels.at(channelId).posts.doDeleteOf({ actorId: alice, origin: ORIGIN }, alice)).offset > 0;
    const rows = await world.db.q.selectFrom('channel_messages').select('msg_id').where('channel_id', '=', channelId).execute();
    expect(rows).toEqual([{ msg_id: 1 }]);
  });
});
