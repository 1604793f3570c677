import { setTimeout as delay } from 'node:timers/promises';
import type { Actor } from '@aerogram/dev-env';
import { World } from '@aerogram/dev-env';
import { type ServerProcess, startServerProcess } from '@aerogram/dev-env/load';
import { createProgram } from '@aerogram/cli/program';
import { sql } from '@aerogram/storage';
import { sizeOf, testDatabase, type TestDatabase } from '@aerogram/storage/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createChannel, inviteTo, postIn } from './channel-stage.ts';

// Kills the server while a job works through many rows in slices. After the restart, the job must continue: no row is left out, and nothing is done or told twice.

/** Posts and members of the large channels, enough for many slices. */
const POSTS = 12_000;
const PEOPLE = 600;
/** The channel's pts after {@link fillWithPosts}, which numbers its posts above pts 100, beyond the first messages of the channel. */
const PTS = POSTS + 100;
/** First id of the members who exist only as rows, without devices. */
const PEOPLE_FROM = 900_000_000_000;
/** How often a server is killed in the middle of a job. */
const KILLS = sizeOf({ short: 1, full: 3 });
/** Number of groups of the user whose account is deleted. */
const GROUPS = 30;
const POLL_MS = 2;

let database: TestDatabase;
let server: ServerProcess;
let world: World;
beforeAll(async () => {
  database = await testDatabase();
  server = await startServerProcess({ databaseUrl: database.url });
  world = new World(server);
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
  await database?.[Symbol.asyncDispose]();
});

const plain = (id: number): number => -1_000_000_000_000 - id;

async function aerogram(...args: string[]): Promise<void> {
  await createProgram({ AEROGRAM_DATABASE_URL: database.url, AEROGRAM_DATA_DIR: server.dataDir }, () => {}).parseAsync(args, { from: 'user' });
}

async function numberOf(query: ReturnType<typeof sql<{ n: number }>>): Promise<number> {
  return Number((await query.execute(database.q)).rows[0]!.n);
}

/** Creates a channel with posts of the creator, which look as if they had been sent ten days ago. @returns its marked id */
async function createFilledChannel(author: Actor): Promise<number> {
  const id = await createChannel(author);
  const channelId = plain(id);
  await postIn(author, id, 'first');
  const date = Math.floor(Date.now() / 1000) - 10 * 86_400;
  await sql`INSERT INTO channel_messages (channel_id, msg_id, pts, ordinal, poster_id, from_id, date, flags, text)
            SELECT ${channelId}::bigint, n, n + 100, n, ${author.id}::bigint, ${author.id}::bigint, ${date}::integer, 0, 'old' FROM generate_series((SELECT max(msg_id) + 1 FROM channel_messages WHERE channel_id = ${channelId}), ${POSTS}::integer) AS n`.execute(database.q);
  await sql`UPDATE channel_messages SET date = ${date}::integer WHERE channel_id = ${channelId}`.execute(database.q);
  await sql`UPDATE channel_heads SET top_msg_id = ${POSTS}::integer, ordinal = ${POSTS}::integer WHERE channel_id = ${channelId}`.execute(database.q);
  await sql`UPDATE counters SET pts = ${PTS}::integer, next_msg_id = ${POSTS + 1}::integer WHERE owner_id = ${id}`.execute(database.q);
  return id;
}

/** Several times, waits until the server has done a part of the work, kills it and starts it again. Then waits until the work is done. @param left counts the rows that are left */
async function killWhileWorking(left: () => Promise<number>): Promise<void> {
  for (let kills = 0; kills < KILLS; kills++) {
    const before = await left();
    for (let now = before; now === before; now = await left()) await delay(POLL_MS);
    await server.kill('SIGKILL');
    expect(await left()).toBeGreaterThan(0);
    await server.start();
  }
  await expect.poll(left, { timeout: 120_000 }).toBe(0);
}

test('the purge of a deleted channel removes everything, and each member is told once', async () => {
  const id = await createFilledChannel(await world.user('Alice'));
  const channelId = plain(id);
  const people = sql`SELECT ${PEOPLE_FROM}::bigint + n AS user_id FROM generate_series(1, ${PEOPLE}::integer) AS n`;
  await sql`INSERT INTO channel_members (channel_id, user_id, status, role, date) SELECT ${channelId}::bigint, p.user_id, 'member', 'member', 1 FROM (${people}) AS p`.execute(database.q);
  await sql`INSERT INTO dialogs (owner_id, peer_id, top_msg_id, top_date) SELECT p.user_id, ${id}::bigint, 1, 1 FROM (${people}) AS p`.execute(database.q);
  await sql`UPDATE channel_heads SET members = members + ${PEOPLE}::integer WHERE channel_id = ${channelId}`.execute(database.q);
  await aerogram('chats', 'delete', String(id), '--yes');
  await killWhileWorking(() =>
    numberOf(sql`SELECT (SELECT count(*) FROM channel_members WHERE channel_id = ${channelId} AND status = 'member') + (SELECT count(*) FROM channel_members WHERE channel_id = ${channelId})
                      + (SELECT count(*) FROM channel_messages WHERE channel_id = ${channelId}) + (SELECT count(*) FROM jobs WHERE kind = 'purge-channel') AS n`),
  );
  expect(await numberOf(sql`SELECT count(*) AS n FROM dead_jobs`)).toBe(0);
  const told = await sql<{ owner_id: bigint; n: bigint }>`SELECT owner_id, count(*) AS n FROM update_log WHERE owner_id > ${PEOPLE_FROM}::bigint AND owner_id <= ${PEOPLE_FROM + PEOPLE}::bigint GROUP BY owner_id`.execute(database.q);
  expect([told.rows.length, told.rows.every((row) => row.n === 1n)]).toEqual([PEOPLE, true]);
  expect(await numberOf(sql`SELECT count(*) AS n FROM dialogs WHERE peer_id = ${id} AND top_msg_id <> 0`)).toBe(0);
  expect((await sql`SELECT title, about FROM channels WHERE channel_id = ${channelId}`.execute(database.q)).rows).toEqual([{ title: '', about: '' }]);
});

test('retention deletes each old message once', async () => {
  const id = await createFilledChannel(await world.user('Alice'));
  const channelId = plain(id);
  await aerogram('chats', 'retention', String(id), '1');
  // The server runs the job every ten minutes. This makes it due at the next start.
  await sql`UPDATE jobs SET run_ms = 0 WHERE kind = 'retain-channels'`.execute(database.q);
  await server.restart();
  await killWhileWorking(() => numberOf(sql`SELECT count(*) AS n FROM channel_messages WHERE channel_id = ${channelId} AND msg_id > 1`));
  const { rows } = await sql<{ pts: number; deleted: number }>`
    SELECT pts, (SELECT sum(cardinality(ordinals)) FROM channel_gaps WHERE channel_id = ${channelId})::integer AS deleted FROM counters WHERE owner_id = ${id}`.execute(database.q);
  expect(rows).toEqual([{ pts: PTS + POSTS - 1, deleted: POSTS - 1 }]);
});

test('an account that ends leaves each of its groups once', async () => {
  const [alice, dave] = [await world.user('Alice'), await world.user('Dave')];
  const ids: number[] = [];
  for (let n = 0; n < GROUPS; n++) {
    ids.push(await createChannel(alice, 'megagroup', `Group ${n}`));
    await inviteTo(alice, ids[n]!, [dave]);
  }
  await dave.main.call({ _: 'account.deleteAccount', reason: 'tired' });
  await killWhileWorking(() => numberOf(sql`SELECT count(*) AS n FROM channel_members WHERE user_id = ${dave.id} AND status = 'member'`));
  const { rows } = await sql<{ members: number; logged: number }>`
    SELECT h.members, (SELECT count(*) FROM admin_log l WHERE l.channel_id = h.channel_id AND l.user_id = ${dave.id})::integer AS logged
      FROM channel_heads h WHERE h.channel_id = ANY (${ids.map(plain)}::bigint[])`.execute(database.q);
  expect(rows).toEqual(ids.map(() => ({ members: 1, logged: 1 })));
});

test('everybody gets a notice once, and it is delivered in steps', { timeout: 120_000 }, async () => {
  const alice = await world.user('Alice');
  await sql`INSERT INTO users (user_id, phone, first_name, username, created_date) SELECT ${PEOPLE_FROM + 10_000}::bigint + n, NULL, 'Person', NULL, 1 FROM generate_series(1, 220) AS n`.execute(database.q);
  await aerogram('notice', 'The server moves on Sunday.');
  const delivered = sql`SELECT owner_id, count(*) AS n FROM messages WHERE peer_id = 777000 AND text = 'The server moves on Sunday.' GROUP BY owner_id`;
  const { total } = (await sql<{ total: number }>`SELECT total FROM notices ORDER BY notice_id DESC LIMIT 1`.execute(database.q)).rows[0]!;
  expect(total).toBeGreaterThanOrEqual(221);
  await killWhileWorking(async () => total - (await numberOf(sql`SELECT count(*) AS n FROM (${delivered}) AS d`)));
  expect((await sql<{ n: bigint }>`${delivered}`.execute(database.q)).rows.filter(({ n }) => n !== 1n)).toEqual([]);
  await alice.main.catchUp();
  await alice.sees('The server moves on Sunday.');
  expect((await sql`SELECT sent, done_date IS NOT NULL AS done FROM notices ORDER BY notice_id DESC LIMIT 1`.execute(database.q)).rows).toEqual([{ sent: total, done: true }]);
});
