import { silentLogger } from '@aerogram/runtime';
import { sql } from '@aerogram/storage';
import { expect, test } from 'vitest';

import { decideNotices } from '../../src/notices/decide-notices.ts';
import { listFollowers, saveFollowing } from '../../src/notices/follower-store.ts';
import { NoticeQueue } from '../../src/notices/notice-queue.ts';
import { stageChannels } from './channel-stage.ts';

const stage = stageChannels(['Alice', 'Bob']);

/** Writes so many posts as rows, all of this moment. */
async function addPosts(channelId: bigint, count: number): Promise<void> {
  const { db, clock } = stage.world;
  const { pts, next_msg_id: next } = await db.q.selectFrom('counters').select(['pts', 'next_msg_id']).where('owner_id', '=', stage.peerOf(channelId)).executeTakeFirstOrThrow();
  const author = stage.person(0);
  await sql`INSERT INTO channel_messages (channel_id, msg_id, pts, ordinal, poster_id, from_id, date, flags, text)
    SELECT ${channelId}, ${next}::integer - 1 + n, ${pts}::integer + n, 1000 + ${next}::integer + n, ${author}::bigint, ${author}::bigint, ${clock.now()}::integer, 0, 'm' FROM generate_series(1, ${count}::integer) AS n`.execute(db.q);
  await sql`UPDATE counters SET pts = pts + ${count}::integer, next_msg_id = next_msg_id + ${count}::integer WHERE owner_id = ${stage.peerOf(channelId)}`.execute(db.q);
}

/** Registers a device of a person, to whose app nobody is connected. */
async function addDevice(person: bigint): Promise<void> {
  const { db, domain } = stage.world;
  const { auth_key_id: authKeyId } = await db.q.selectFrom('authorizations').select('auth_key_id').where('user_id', '=', person).executeTakeFirstOrThrow();
  await domain.auth.doRegisterPush(person, authKeyId, { tokenType: 4, token: `https://push.example/${person}`, secret: new Uint8Array(), sandbox: false, noMuted: false, otherUids: [] });
}

test('followers are told of each post, or of the newest alone if many wait, and of none twice', async () => {
  const { db, clock } = stage.world;
  const [bob, channelId] = [stage.person(1), await stage.create({ kind: 'megagroup', members: [1] })];
  await addDevice(bob);
  await saveFollowing(db, bob);
  const decide = () => decideNotices({ db, clock, questions: { ask: () => Promise.resolve('away') } }, [stage.peerOf(channelId)]);
  const told = async (): Promise<number[]> => (await db.q.selectFrom('device_notices').select('msg_id').where('owner_id', '=', bob).orderBy('msg_id').execute()).map(({ msg_id }) => msg_id);
  const newest = async (): Promise<number> => (await db.q.selectFrom('counters').select('next_msg_id').where('owner_id', '=', stage.peerOf(channelId)).executeTakeFirstOrThrow()).next_msg_id - 1;
  await addPosts(channelId, 3);
  await decide();
  const last = await newest();
  expect(await told()).toEqual([last - 2, last - 1, last]);
  await db.q.deleteFrom('device_notices').execute();
  await decide();
  expect(await told()).toEqual([]);
  await addPosts(channelId, 60);
  await decide();
  expect(await told()).toEqual([await newest()]);
});

test('whoever joined something when the process that was to note it died is told of its posts', async () => {
  const { db, clock } = stage.world;
  const bob = stage.person(1);
  await addDevice(bob);
  const channelId = await stage.create({ kind: 'megagroup', members: [1] });
  const questions = { ask: () => Promise.resolve('away' as const) };
  const queue = new NoticeQueue({ ...stage.world.domain, db, clock, questions, log: silentLogger, onDue: () => {}, wake: () => {}, follow: async (owner) => void (await saveFollowing(db, owner)) });
  queue.lookAgain(bob);
  await clock.advance(1500);
  await queue[Symbol.asyncDispose]();
  expect(await listFollowers(db, stage.peerOf(channelId), 0n, 10)).toEqual([bob]);
});
