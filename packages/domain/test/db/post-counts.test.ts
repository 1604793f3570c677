import { sql } from '@aerogram/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { onChannelHint } from '../../src/events/index.ts';
import { createWorld, type World } from './accounts-world.ts';

const ORIGIN = { authKeyId: 1n, sessionId: 1n };

describe('the counts of posts', () => {
  let world: World;
  let owner: bigint;
  let randomId = 0n;
  beforeAll(async () => {
    world = await createWorld();
    owner = (await world.signUp('9996620001', 'Owner')).userId;
  });
  afterAll(() => world[Symbol.asyncDispose]());

  async function channelWith(posts: number): Promise<{ channelId: bigint; peerId: bigint; msgIds: number[] }> {
    const { first } = await world.domain.channels.doCreate({ creatorId: owner, kind: 'broadcast', title: 'News', about: '', ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN });
    const channelId = -first.owner_id - 10n ** 12n;
    const parts = Array.from({ length: posts }, (_, n) => ({ randomId: ++randomId, text: `${n}`, flags: 0, extra: {} }));
    const rows = await world.domain.channels.at(channelId).posts.doSend({ actorId: owner, origin: ORIGIN, parts, reply: undefined, signature: '' });
    return { channelId, peerId: first.owner_id, msgIds: rows.map((row) => row.msg_id) };
  }
  const rowsOf = async (channelId: bigint): Promise<[number, number, number][]> => {
    const rows = await world.db.q.selectFrom('message_counts').selectAll().where('channel_id', '=', channelId).orderBy('msg_id').execute();
    return rows.map((row) => [row.msg_id, row.views, row.forwards]);
  };

  it('cost no row when a post is made, and one row for a thousand views', async () => {
    const { channelId, msgIds: [msgId] } = await channelWith(1);
    const post = { channelId, msgId: msgId! };
    expect(await rowsOf(channelId)).toEqual([]);
    for (let userId = 1n; userId <= 1000n; userId++) await world.domain.postCounts.noteViews(userId, [post, post]);
    // Nothing is written until the timer fires; what was collected is shown already.
    expect(await rowsOf(channelId)).toEqual([]);
    expect(await world.domain.postCounts.find([post])).toEqual([{ views: 1001, forwards: 0 }]);
    await world.domain.postCounts.flush();
    expect(await rowsOf(channelId)).toEqual([[msgId, 1001, 0]]);
    const { rows: [writer] } = await sql<{ n: bigint }>`SELECT count(DISTINCT xmin::text) AS n FROM message_counts WHERE channel_id = ${channelId}`.execute(world.db.q);
    expect(writer!.n).toBe(1n);
    const seen = await world.db.q.selectFrom('seen_posts').selectAll().execute();
    expect(seen.map((row) => row.keys.length)).toEqual([8 * 1000]);
  });

  it('begin with the view of the author, which is not counted again', async () => {
    const { channelId, msgIds: [msgId] } = await channelWith(1);
    const post = { channelId, msgId: msgId! };
    await world.domain.postCounts.noteViews(owner, [post]);
    expect(await world.domain.postCounts.find([post])).toEqual([{ views: 1, forwards: 0 }]);
    await world.domain.postCounts.noteViews(7n, [post]);
    expect(await world.domain.postCounts.find([post])).toEqual([{ views: 2, forwards: 0 }]);
  });

  it('do not count the same people again after a restart, for about a day', async () => {
    const { channelId, msgIds: [msgId] } = await channelWith(1);
    const post = { channelId, msgId: msgId! };
    const { postCounts } = world.domain;
    for (const userId of [7n, 8n]) await postCounts.noteViews(userId, [post]);
    postCounts.noteForward(7n, 5n, post);
    await postCounts.flush();
    for (const expected of [3, 4]) {
      await world.restart();
      for (const userId of [7n, 8n, 9n].slice(0, expected - 1)) await world.domain.postCounts.noteViews(userId, [post]);
      world.domain.postCounts.noteForward(7n, 5n, post);
      expect(await world.domain.postCounts.find([post])).toEqual([{ views: expected, forwards: 1 }]);
    }
    await world.clock.advance(2 * 24 * 3_600_000);
    // Waits for what the timer writes.
    await world.domain.postCounts.flush();
    await world.restart();
    await world.domain.postCounts.noteViews(7n, [post]);
    expect(await world.domain.postCounts.find([post])).toEqual([{ views: 5, forwards: 1 }]);
    await world.domain.jobKinds.find(({ kind }) => kind === 'forget-seen-posts')!.perform(new Uint8Array(), { signal: new AbortController().signal } as never);
    const rows = await world.db.q.selectFrom('seen_posts').select('seen_date').execute();
    expect(rows.filter((row) => row.seen_date < world.clock.now() - 24 * 3600)).toEqual([]);
  });

  it('are written when the server stops, and go on from there', async () => {
    const { channelId, msgIds } = await channelWith(2);
    const [first, second] = msgIds.map((msgId) => ({ channelId, msgId })) as [{ channelId: bigint; msgId: number }, { channelId: bigint; msgId: number }];
    await world.domain.postCounts.noteViews(7n, [first]);
    world.domain.postCounts.noteForward(7n, 1n, second);
    world.domain.postCounts.noteForward(7n, 1n, second);
    await world.domain.postCounts[Symbol.asyncDispose]();
    await world.restart();
    expect(await world.domain.postCounts.find([second, first])).toEqual([{ views: 1, forwards: 1 }, { views: 2, forwards: 0 }]);
    await world.domain.postCounts.noteViews(8n, [first, second]);
    await world.domain.postCounts.flush();
    expect(await rowsOf(channelId)).toEqual([[first.msgId, 3, 0], [second.msgId, 2, 1]]);
  });

  it('are told to devices in growing steps', async () => {
    const { channelId, peerId, msgIds: [msgId] } = await channelWith(1);
    const told: number[] = [];
    using _ = onChannelHint(world.bus, peerId, (hint) => {
      if (hint.kind === 'transient' && hint.update._ === 'updateChannelMessageViews') told.push(hint.update.views);
    });
    for (let userId = 1n; userId <= 300n; userId++) {
      await world.domain.postCounts.noteViews(userId, [{ channelId, msgId: msgId! }]);
      await world.domain.postCounts.flush();
    }
    expect(told.slice(0, 4)).toEqual([2, 3, 4, 5]);
    expect(told.length).toBeLessThan(30);
    expect(told.at(-1)).toBeGreaterThan(250);
  });

  it('go with the post', async () => {
    const { channelId, msgIds } = await channelWith(2);
    await world.domain.postCounts.noteViews(7n, msgIds.map((msgId) => ({ channelId, msgId })));
    await world.domain.postCounts.flush();
    await world.domain.channels.at(channelId).posts.doDelete({ actorId: owner, origin: ORIGIN }, msgIds.slice(0, 1));
    expect(await rowsOf(channelId)).toEqual([[msgIds[1], 2, 0]]);
    await world.domain.postCounts.noteViews(8n, msgIds.map((msgId) => ({ channelId, msgId })));
    await world.domain.postCounts.flush();
    expect(await rowsOf(channelId)).toEqual([[msgIds[1], 3, 0]]);
  });
});
