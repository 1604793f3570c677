import { markPeer } from '@aerogram/cluster';
import { sql } from '@aerogram/storage';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { countDeletedOf, countUnreadPosts } from '../../src/chats/channel-gap-store.ts';
import { type MessagingFixture, openMessaging } from '../messaging-fixture.ts';

const CHANNEL = 5n;
const PEER = markPeer({ _: 'peerChannel', channel_id: CHANNEL });
const ALICE = 11n;
const BOB = 12n;
/** Numbers of the deleted messages: all up to here. Every third one was written by Alice, the others by Bob. */
const DELETED = 300_000;

let m: MessagingFixture;
beforeAll(async () => {
  m = await openMessaging();
  await sql`INSERT INTO channel_gaps (channel_id, bucket, ordinals, author_ids)
            SELECT ${CHANNEL}, o / 1024, array_agg(o), array_agg(CASE WHEN o % 3 = 0 THEN ${ALICE}::bigint ELSE ${BOB}::bigint END)
              FROM generate_series(1, ${DELETED}::integer) AS o GROUP BY 2`.execute(m.db.q);
});
afterAll(() => m[Symbol.asyncDispose]());

const thirds = (upTo: number): number => Math.floor(upTo / 3);

test.each([0, 1, 1023, 1024, 1025, 5000, DELETED - 1])('messages that others deleted after the read mark %i do not count as unread, and own ones do neither', async (read) => {
  const views = new Map([[PEER, { ordinal: DELETED + 10, own_posts: thirds(DELETED) + 2 }]]);
  const mark = { peer_id: PEER, read_ordinal: read, own_at_read: thirds(read) };
  // Of the ten messages that are left, Alice wrote two. Her deleted ones are among her own posts.
  expect((await countUnreadPosts(m.db.q, ALICE, [mark], views)).get(PEER)).toBe(8);
  const reader = new Map([[PEER, { ordinal: DELETED + 10, own_posts: 0 }]]);
  expect((await countUnreadPosts(m.db.q, 99n, [{ ...mark, own_at_read: 0 }], reader)).get(PEER)).toBe(10);
});

test.each([[0, 10], [0, 1024], [1000, 3000], [1023, 1024], [5, DELETED]])('the deleted messages of one author between %i and %i are counted', async (after, upTo) => {
  expect(await m.db.transact('count-deleted', (tx) => countDeletedOf(tx, CHANNEL, ALICE, { after, upTo }))).toBe(thirds(upTo) - thirds(after));
});

test('counting does not make a row of each deleted message', async () => {
  const mark = { peer_id: PEER, read_ordinal: 0, own_at_read: 0 };
  const views = new Map([[PEER, { ordinal: DELETED, own_posts: 0 }]]);
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    let best = Infinity;
    for (let n = 0; n < 5; n++) {
      const startMs = performance.now();
      await work();
      best = Math.min(best, performance.now() - startMs);
    }
    return best;
  };
  const counted = await timed(() => countUnreadPosts(m.db.q, 99n, [mark], views));
  const unnested = await timed(() => sql`SELECT count(*) FROM channel_gaps AS g CROSS JOIN LATERAL unnest(g.ordinals, g.author_ids) AS d (o, a) WHERE g.channel_id = ${CHANNEL} AND d.a <> 99`.execute(m.db.q));
  expect(counted).toBeLessThan(unnested / 2);
});
