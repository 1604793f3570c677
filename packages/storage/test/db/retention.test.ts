import { createFakeClock, silentLogger } from '@aerogram/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type JobRunner, createJobRunner, createRetentionJobs } from '../../src/index.ts';
import { enterNode, type TestDatabase, testDatabase } from '../../testing/index.ts';

const HOUR_MS = 3_600_000;
let clock = createFakeClock();
let db: TestDatabase;
let runner: JobRunner;
beforeEach(async () => {
  clock = createFakeClock(1_800_000_000_000);
  db = await testDatabase({ clock });
  runner = createJobRunner({ db, clock, log: silentLogger, holder: await enterNode(db, 'node'), kinds: createRetentionJobs({ clock }) });
});
afterEach(async () => {
  await runner[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
});

const keys = async (): Promise<bigint[]> =>
  (await db.q.selectFrom('send_keys').select('random_id').orderBy('random_id').execute()).map((row) => row.random_id);

/** Advances the clock until the condition holds. */
async function advanceUntil(condition: () => Promise<boolean>, stepMs = 1000): Promise<void> {
  while (!(await condition())) await clock.advance(stepMs);
}

test('the key of a send is kept as long as its message and two more days', async () => {
  const sent = { owner_id: 5n, peer_id: 6n, pts: 2, date: 1 };
  for (const msgId of [1, 2]) {
    await db.q.insertInto('send_keys').values({ ...sent, random_id: BigInt(msgId), global_id: BigInt(msgId), msg_id: msgId, pts_count: 1 }).execute();
  }
  await db.q
    .insertInto('messages')
    .values({ ...sent, msg_id: 1, global_id: 1n, from_id: 5n, flags: 1, text: 'kept', saved_peer_id: null, edit_date: null, reply_to_msg_id: null, extra: null })
    .execute();
  runner.start();
  await advanceUntil(async () => (await db.q.selectFrom('send_keys').select('gone_date').where('gone_date', 'is not', null).execute()).length === 1);
  const goneMs = clock.nowMs();
  await advanceUntil(async () => (await keys()).length < 2, HOUR_MS);
  expect(clock.nowMs() - goneMs).toBeGreaterThanOrEqual(48 * HOUR_MS);
  expect(await keys()).toEqual([1n]);
});

test('the key of a post is kept as long as the post and two more days', async () => {
  const [channelId, sent] = [7n, { owner_id: -(10n ** 12n) - 7n, peer_id: 5n, pts: 2, date: 1 }];
  for (const msgId of [1, 2]) {
    await db.q.insertInto('send_keys').values({ ...sent, random_id: BigInt(msgId), global_id: 0n, msg_id: msgId, pts_count: 1 }).execute();
  }
  const post = { channel_id: channelId, msg_id: 1, pts: 2, ordinal: 1, poster_id: 5n, from_id: 5n, date: 1, flags: 0, text: 'kept' };
  await db.q.insertInto('channel_messages').values({ ...post, signature: null, edit_date: null, reply_to_msg_id: null, extra: null, ttl_period: null }).execute();
  runner.start();
  await advanceUntil(async () => (await db.q.selectFrom('send_keys').select('gone_date').where('gone_date', 'is not', null).execute()).length === 1);
  await advanceUntil(async () => (await keys()).length < 2, HOUR_MS);
  expect(await keys()).toEqual([1n]);
});

test('expired rows are deleted, the rest is kept', async () => {
  const now = clock.now();
  const token = { auth_key_id: 1n, address: '', except_ids: [], accepted_user_id: null };
  await db.q
    .insertInto('login_tokens')
    .values([
      { ...token, token_hash: Buffer.from('old'), expires_date: now - 7200 },
      { ...token, token_hash: Buffer.from('new'), expires_date: now + 30 },
    ])
    .execute();
  await db.q.insertInto('commit_marks').values([{ slot: 1n, mark: 1n, date: now - 90_000 }, { slot: 2n, mark: 1n, date: now }]).execute();
  runner.start();
  await advanceUntil(async () => (await db.q.selectFrom('login_tokens').select('token_hash').execute()).length === 1);
  const marks = await db.q.selectFrom('commit_marks').select('slot').where('slot', '<=', 2n).execute();
  expect(marks.map((row) => row.slot)).toEqual([2n]);
});

test('limits and codes dated by a clock that was ahead block nobody once the clock is correct', async () => {
  const [now, future] = [clock.now(), clock.now() + 365 * 86_400];
  for (const [user_id, since_date] of [[1n, now - 10], [2n, future]] as const) {
    await db.q.insertInto('password_guesses').values({ user_id, logging_in: true, guesses: 9, since_date }).execute();
  }
  const code = { auth_key_id: 1n, code: '12345', accepted_date: null };
  await db.q
    .insertInto('login_codes')
    .values([
      { ...code, phone: '15550001111', code_hash: 'now', created_date: now - 10, expires_date: now + 100 },
      { ...code, phone: '15550002222', code_hash: 'future', created_date: future, expires_date: future + 300 },
    ])
    .execute();
  await db.q.insertInto('first_contacts').values({ owner_id: 1n, peer_id: 2n, date: future }).execute();
  runner.start();
  await advanceUntil(async () => (await db.q.selectFrom('first_contacts').select('date').executeTakeFirstOrThrow()).date < future);
  expect(await db.q.selectFrom('password_guesses').select('user_id').execute()).toEqual([{ user_id: 1n }]);
  expect(await db.q.selectFrom('login_codes').select('code_hash').execute()).toEqual([{ code_hash: 'now' }]);
});

test('a connection whose mark was removed while it was idle creates counters', async () => {
  await db.transact('prepare', async () => {});
  await db.q.deleteFrom('commit_marks').execute();
  const owners = await db.transact('first-owner', async (tx) => [...(await tx.lockCounters([77n])).keys()]);
  expect(owners).toEqual([77n]);
});
