import { afterAll, beforeAll, expect, it } from 'vitest';

import { READ_DATES_KEPT_S } from '../../src/index.ts';
import { createWorld, type World } from './accounts-world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world?.[Symbol.asyncDispose]());

it('read dates of all kinds of chat, and who played which post, are deleted after a week, and no earlier', async () => {
  const { q } = world.db;
  const limit = world.clock.now() - READ_DATES_KEPT_S;
  const dates = [limit - 1, limit + 60];
  await q.insertInto('read_dates').values(dates.map((date, n) => ({ owner_id: 1n, peer_id: 2n, max_id: n + 1, date }))).execute();
  await q.insertInto('channel_reads').values(dates.map((date, n) => ({ channel_id: 3n, user_id: 1n, max_id: n + 1, date }))).execute();
  await q.insertInto('heard_posts').values(dates.map((date, n) => ({ channel_id: 3n, user_id: 1n, msg_id: n + 1, date }))).execute();
  for (const name of ['forget-read-dates', 'forget-channel-reads', 'forget-heard-posts']) {
    const job = world.domain.jobKinds.find(({ kind }) => kind === name)!;
    await job.perform(new Uint8Array(), { signal: new AbortController().signal } as never);
  }
  expect(await q.selectFrom('read_dates').select('max_id').execute()).toEqual([{ max_id: 2 }]);
  expect(await q.selectFrom('channel_reads').select('max_id').execute()).toEqual([{ max_id: 2 }]);
  expect(await q.selectFrom('heard_posts').select('msg_id').execute()).toEqual([{ msg_id: 2 }]);
});
