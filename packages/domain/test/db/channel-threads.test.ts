import { markPeer } from '@aerogram/cluster';
import { sql } from '@aerogram/storage';
import { beforeAll, describe, expect, it } from 'vitest';

import type { PostRow } from '../../src/events/index.ts';
import type { World } from './accounts-world.ts';
import { stageChannels } from './channel-stage.ts';

describe('threads of a supergroup', () => {
  const stage = stageChannels(['Alice', 'Bob', 'Carol', 'Dave']);
  const { person, by, nextRandomId } = stage;
  let world: World;
  beforeAll(() => void ({ world } = stage));

  const create = (kind: 'megagroup' | 'broadcast' = 'megagroup'): Promise<bigint> => stage.create({ kind, members: kind === 'megagroup' ? [1, 2, 3] : [] });

  async function send(n: number, channelId: bigint, replyTo?: number, count = 1): Promise<PostRow> {
    const reply = replyTo === undefined ? undefined : { msgId: replyTo, quote: undefined };
    const parts = Array.from({ length: count }, (_, at) => ({ randomId: nextRandomId(), text: `part ${at}`, flags: 0, extra: count > 1 ? { groupedId: 7n } : {} }));
    return (await world.domain.channels.at(channelId).posts.doSend({ ...by(n), parts, reply, signature: '' }))[0]!;
  }

  const threadOf = (channelId: bigint, topId: number) =>
    world.db.q.selectFrom('channel_threads').select(['count', 'ordinal', 'top_msg_id', 'repliers', 'version']).where('channel_id', '=', channelId).where('top_id', '=', topId).executeTakeFirst();

  /** Compares every thread of a channel with its messages. */
  async function recount(channelId: bigint): Promise<void> {
    const { rows } = await sql<{ top_id: number }>`
      SELECT t.top_id FROM channel_threads t
        LEFT JOIN LATERAL (SELECT count(*) AS n, COALESCE(max(msg_id), 0) AS newest, COALESCE(max(top_ordinal), 0) AS last FROM channel_messages m WHERE m.channel_id = t.channel_id AND m.top_id = t.top_id) AS m ON true
        LEFT JOIN LATERAL (SELECT COALESCE(sum(cardinality(ordinals)), 0) AS n FROM thread_gaps g WHERE g.channel_id = t.channel_id AND g.top_id = t.top_id) AS g ON true
        LEFT JOIN LATERAL (SELECT COALESCE(sum(own_posts), 0) AS n FROM thread_members o WHERE o.channel_id = t.channel_id AND o.top_id = t.top_id) AS o ON true
       WHERE t.channel_id = ${channelId}
         AND (t.count <> m.n OR t.top_msg_id <> m.newest OR t.ordinal < m.last OR t.ordinal <> m.n + g.n OR t.ordinal <> o.n)`.execute(world.db.q);
    expect(rows).toEqual([]);
    const { rows: lost } = await sql`
      SELECT DISTINCT m.top_id FROM channel_messages m WHERE m.channel_id = ${channelId} AND m.top_id IS NOT NULL
         AND NOT EXISTS (SELECT FROM channel_threads t WHERE t.channel_id = m.channel_id AND t.top_id = m.top_id)`.execute(world.db.q);
    expect(lost).toEqual([]);
  }

  it('contain the replies to a message and the replies to these, numbered in their order', async () => {
    const channelId = await create();
    const root = await send(0, channelId);
    expect(root).toMatchObject({ top_id: null, top_ordinal: null });
    const first = await send(1, channelId, root.msg_id);
    const second = await send(2, channelId, first.msg_id);
    const album = await send(3, channelId, second.msg_id, 2);
    const last = await send(1, channelId, album.msg_id);
    expect([first, second, album, last].map((row) => [row.top_id, row.top_ordinal])).toEqual([1, 2, 3, 5].map((n) => [root.msg_id, n]));
    expect(await threadOf(channelId, root.msg_id)).toEqual({ count: 5, ordinal: 5, top_msg_id: last.msg_id, repliers: [person(1), person(3), person(2)], version: last.pts });
    await recount(channelId);
  });

  it('are not made in a broadcast channel', async () => {
    const channelId = await create('broadcast');
    const root = await send(0, channelId);
    expect(await send(0, channelId, root.msg_id)).toMatchObject({ reply_to_msg_id: root.msg_id, top_id: null });
    expect(await threadOf(channelId, root.msg_id)).toBeUndefined();
  });

  it('are counted once if a reply is sent again', async () => {
    const channelId = await create();
    const root = await send(0, channelId);
    const parts = [{ randomId: nextRandomId(), text: 'once', flags: 0, extra: {} }];
    const reply = { msgId: root.msg_id, quote: undefined };
    for (let n = 0; n < 2; n++) await world.domain.channels.at(channelId).posts.doSend({ ...by(1), parts, reply, signature: '' });
    expect((await threadOf(channelId, root.msg_id))?.count).toBe(1);
    await recount(channelId);
  });

  it('shrink with each way in which replies are deleted', async () => {
    const channelId = await create();
    const { posts } = world.domain.channels.at(channelId);
    const root = await send(0, channelId);
    const [a, b, c, d] = [await send(1, channelId, root.msg_id), await send(2, channelId, root.msg_id), await send(3, channelId, root.msg_id), await send(1, channelId, root.msg_id)];
    const { pts } = await posts.doDelete(by(0), [d.msg_id]);
    expect(await threadOf(channelId, root.msg_id)).toEqual({ count: 3, ordinal: 4, top_msg_id: c.msg_id, repliers: [person(3), person(2), person(1)], version: pts });
    await posts.doDeleteOf(by(0), person(3));
    expect(await threadOf(channelId, root.msg_id)).toMatchObject({ count: 2, top_msg_id: b.msg_id, repliers: [person(2), person(1)] });
    await world.db.q.updateTable('channel_messages').set({ ttl_period: 1, date: 1 }).where('channel_id', '=', channelId).where('msg_id', '=', b.msg_id).execute();
    await world.domain.jobKinds.find(({ kind }) => kind === 'expire-posts')!.perform(new Uint8Array(), { signal: new AbortController().signal } as never);
    expect(await threadOf(channelId, root.msg_id)).toMatchObject({ count: 1, top_msg_id: a.msg_id, repliers: [person(1)] });
    await recount(channelId);
    await posts.doDeleteAll(by(0), 0);
    // Neither the message that started it nor a reply is left.
    expect(await threadOf(channelId, root.msg_id)).toBeUndefined();
    for (const table of ['thread_gaps', 'thread_members'] as const) expect(await world.db.q.selectFrom(table).selectAll().where('channel_id', '=', channelId).execute()).toEqual([]);
  });

  it('outlive the message that started them while there are replies', async () => {
    const channelId = await create();
    const { posts } = world.domain.channels.at(channelId);
    const root = await send(0, channelId);
    const reply = await send(1, channelId, root.msg_id);
    await posts.doDelete(by(0), [root.msg_id]);
    expect((await threadOf(channelId, root.msg_id))?.count).toBe(1);
    const later = await send(2, channelId, reply.msg_id);
    expect(later).toMatchObject({ top_id: root.msg_id, top_ordinal: 2 });
    await posts.doDelete(by(0), [reply.msg_id, later.msg_id]);
    expect(await threadOf(channelId, root.msg_id)).toBeUndefined();
    // A thread whose replies are gone keeps its number, so that what clients know of it never gets older.
    const kept = await send(0, channelId);
    const { pts } = await posts.doDelete(by(0), [(await send(1, channelId, kept.msg_id)).msg_id]);
    expect(await threadOf(channelId, kept.msg_id)).toEqual({ count: 0, ordinal: 1, top_msg_id: 0, repliers: [], version: pts });
  });

  it('have exact counts when people reply and delete at the same time', async () => {
    const channelId = await create();
    const { posts } = world.domain.channels.at(channelId);
    const roots = [await send(0, channelId), await send(0, channelId)];
    await Promise.all(
      Array.from({ length: 40 }, async (_, n) => {
        const row = await send(n % 4, channelId, roots[n % 2]!.msg_id);
        if (n % 3 === 0) await posts.doDelete(by(0), [row.msg_id]);
        else await send((n + 1) % 4, channelId, row.msg_id);
      }),
    );
    await recount(channelId);
    const counts = await Promise.all(roots.map((root) => threadOf(channelId, root.msg_id)));
    expect(counts.reduce((sum, thread) => sum + thread!.count, 0)).toBe(26 * 2);
  });

  it('are named by the mentions in them', async () => {
    const channelId = await create();
    const root = await send(0, channelId);
    const reply = await send(1, channelId, root.msg_id);
    const peerId = markPeer({ _: 'peerChannel', channel_id: channelId });
    const rows = await world.db.q.selectFrom('unread_mentions').select(['owner_id', 'top_id']).where('peer_id', '=', peerId).where('msg_id', '=', reply.msg_id).execute();
    expect(rows).toEqual([{ owner_id: person(0), top_id: root.msg_id }]);
  });

  it('cost a message that is no reply nothing', async () => {
    const channelId = await create();
    await send(0, channelId);
    await world.domain.channels.at(channelId).posts.doDelete(by(0), [(await send(0, channelId)).msg_id]);
    for (const table of ['channel_threads', 'thread_gaps', 'thread_members'] as const) expect(await world.db.q.selectFrom(table).selectAll().where('channel_id', '=', channelId).execute()).toEqual([]);
  });
});
