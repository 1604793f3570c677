import { sql } from '@aerogram/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { MessageFlag } from '../../src/events/index.ts';
import { createWorld, type World } from './accounts-world.ts';

const ORIGIN = { authKeyId: 1n, sessionId: 1n };

describe('changes of many messages of a channel', () => {
  let world: World;
  let alice: bigint;
  let randomId = 1n;
  beforeAll(async () => {
    world = await createWorld();
    ({ userId: alice } = await world.signUp('9996610001', 'Alice'));
  });
  afterAll(() => world[Symbol.asyncDispose]());

  /** Creates a channel with so many more messages, which exist only as rows. @returns its plain id */
  async function create(count: number, flags: number): Promise<bigint> {
    const { first } = await world.domain.channels.doCreate({ creatorId: alice, kind: 'megagroup', title: 'A channel', about: '', ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN });
    const channelId = -first.owner_id - 10n ** 12n;
    await sql`INSERT INTO channel_messages (channel_id, msg_id, pts, ordinal, poster_id, from_id, date, flags, text)
      SELECT ${channelId}, 1 + n, 2 + n, 1 + n, ${alice}::bigint, ${alice}::bigint, 1, ${flags}::integer, 'm' FROM generate_series(1, ${count}::integer) AS n`.execute(world.db.q);
    await sql`UPDATE counters SET pts = 2 + ${count}::integer, next_msg_id = 2 + ${count}::integer WHERE owner_id = ${first.owner_id}`.execute(world.db.q);
    await sql`UPDATE channel_heads SET ordinal = 1 + ${count}::integer, top_msg_id = 1 + ${count}::integer WHERE channel_id = ${channelId}`.execute(world.db.q);
    return channelId;
  }

  it('are made in slices when all are unpinned', async () => {
    const { posts } = world.domain.channels.at(await create(501, MessageFlag.pinned));
    const acting = { actorId: alice, origin: ORIGIN };
    expect(await posts.doUnpinAll(acting)).toEqual({ pts: 1003, ptsCount: 500, offset: 1 });
    expect(await posts.countPinned(alice)).toBe(1);
    expect(await posts.doUnpinAll(acting)).toEqual({ pts: 1004, ptsCount: 1, offset: 0 });
    expect(await posts.doUnpinAll(acting)).toEqual({ pts: 1004, ptsCount: 0, offset: 0 });
    expect(await posts.countPinned(alice)).toBe(0);
  });

  it('are made once each when they expire, with one event for many, also by two jobs at once', async () => {
    const channelId = await create(1200, 0);
    const channel = -(10n ** 12n) - channelId;
    await sql`UPDATE channel_messages SET ttl_period = 86400 WHERE channel_id = ${channelId} AND msg_id BETWEEN 2 AND 1101`.execute(world.db.q);
    const job = world.domain.jobKinds.find(({ kind }) => kind === 'expire-posts')!;
    const run = (): Promise<unknown> => job.perform(new Uint8Array(), { signal: new AbortController().signal } as never);
    await Promise.all([run(), run()]);
    await run();
    const { pts } = await world.db.q.selectFrom('counters').select('pts').where('owner_id', '=', channel).executeTakeFirstOrThrow();
    expect(pts).toBe(1202 + 1100);
    const log = await world.db.q.selectFrom('update_log').select('pts_count').where('owner_id', '=', channel).orderBy('pts').execute();
    expect(log.reduce((sum, row) => sum + row.pts_count, 0)).toBe(1100);
    expect(log.length).toBeLessThanOrEqual(6);
    expect(Math.max(...log.map((row) => row.pts_count))).toBeLessThanOrEqual(500);
    expect(await world.domain.channels.at(channelId).posts.findState(alice)).toEqual({ pts: 2302, count: 101 });
  });
});
