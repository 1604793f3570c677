import { jsonCodec } from '@aerogram/storage';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { indexAllBehind, indexBoxes } from '../../src/search/index-messages.ts';
import { createWorld, type World } from './accounts-world.ts';

const ORIGIN = { authKeyId: 1n, sessionId: 1n };
/** The first changes meet a channel of which nothing was indexed yet. */
const CHANNELS = 8;
const ROUNDS = 2;

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

test('a channel that becomes public and private again and again, while its posts are indexed and removed from the index, ends with the right rows', async () => {
  const { userId: alice } = await world.signUp('9996610031', 'Alice');
  for (let randomId = 1n; randomId <= CHANNELS; randomId++) await changeAgainAndAgain(alice, randomId);
});

async function changeAgainAndAgain(creatorId: bigint, createId: bigint): Promise<void> {
  const acting = { actorId: creatorId, origin: ORIGIN };
  const { first } = await world.domain.channels.doCreate({ creatorId, kind: 'broadcast', title: 'News', about: '', ttlPeriod: 0, randomId: createId, origin: ORIGIN });
  const peerId = first.owner_id;
  const channelId = -peerId - 10n ** 12n;
  const { posts, settings } = world.domain.channels.at(channelId);
  const job = world.domain.jobKinds.find(({ kind }) => kind === 'unpublish-channel')!;
  const payload = jsonCodec<{ channelId: bigint }>().encode({ channelId });
  const unpublish = (): Promise<void> => job.perform(payload, { db: world.db, signal: new AbortController().signal } as never);
  const listed = async (): Promise<number[]> => {
    const rows = await world.db.q.selectFrom('public_posts').select('msg_id').where('channel_id', '=', channelId).orderBy('msg_id').execute();
    return rows.map((row) => row.msg_id);
  };
  let randomId = 100n;
  const msgIds: number[] = [];
  const post = async (): Promise<void> => {
    const parts = [{ randomId: ++randomId, text: 'a post', flags: 0, extra: {}, answers: undefined }];
    const [row] = await posts.doSend({ ...acting, parts, reply: undefined, signature: '' });
    msgIds.push(row!.msg_id);
  };
  await post();
  for (let round = 0; round < ROUNDS; round++) {
    await Promise.all([settings.doSetUsername(acting, 'changing_channel'), unpublish(), indexBoxes(world.db, [peerId]), unpublish(), post(), indexBoxes(world.db, [peerId])]);
    await Promise.all([indexAllBehind(world.db), unpublish()]);
    expect(await listed()).toEqual(msgIds.toSorted((a, b) => a - b));
    await Promise.all([settings.doSetUsername(acting, ''), indexBoxes(world.db, [peerId]), unpublish(), post()]);
    await unpublish();
    await indexAllBehind(world.db);
    expect(await listed()).toEqual([]);
  }
}
