import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planSeed, seedChannels, seedUserId } from '@aerogram/cli/seed';
import { markPeer } from '@aerogram/cluster';
import { sql } from '@aerogram/storage';
import { testDatabase, type TestDatabase } from '@aerogram/storage/testing';
import { createProgram } from '../../src/program.ts';

const SIZE = { users: 50, messages: 0, devices: 23 };
const CHANNELS = { members: 1200, count: 20, each: 5, posts: 30 };
const plan = planSeed({ ...SIZE, channels: CHANNELS });
const channels = seedChannels(plan);

let db: TestDatabase;
let dataDir: string;

async function seed(env: Record<string, string> = { AEROGRAM_TEST_MODE: '1' }): Promise<string> {
  const lines: string[] = [];
  const own = { AEROGRAM_DATABASE_URL: db.url, AEROGRAM_DATA_DIR: dataDir };
  const sizes = ['--channel-members', '1200', '--channels', '20', '--channels-each', '5', '--channel-posts', '30'];
  const all = [...Object.entries(SIZE).flatMap(([name, n]) => [`--${name}`, String(n)]), ...sizes];
  await createProgram({ ...own, ...env }, (line) => void lines.push(line)).parseAsync(['dev', 'seed', ...all], { from: 'user' });
  return lines.at(-1)!;
}

beforeAll(async () => {
  db = await testDatabase();
  dataDir = mkdtempSync(join(tmpdir(), 'aerogram-seed-'));
});

afterAll(async () => {
  await db[Symbol.asyncDispose]();
  rmSync(dataDir, { recursive: true, force: true });
});

async function rowsOf(query: ReturnType<typeof sql>): Promise<unknown[]> {
  return (await query.execute(db.q)).rows;
}

describe('aerogram dev seed --channel-members', () => {
  it('refuses a server that is not in test mode', async () => {
    await expect(seed({})).rejects.toThrow('only a server in test mode is seeded');
  });

  it('creates the public channels and as many accounts as the largest has members', async () => {
    expect(await seed()).toBe('seeded: 1200 accounts, 0 messages, 23 accounts with a device, 24 channels');
    const { rows } = await sql<{ username: string; channel_id: bigint; members: number }>`
      SELECT c.username, c.channel_id, h.members FROM channels c JOIN channel_heads h USING (channel_id) JOIN usernames u ON u.name = c.username AND u.confirmed
       ORDER BY channel_id`.execute(db.q);
    expect(rows.map(({ username, members }) => [username, members])).toEqual([
      ['channel_audience', 1200],
      ['channel_few', 10],
      ['channel_crowd', 1200],
      ['channel_room', 1000],
    ]);
    expect(rows.map(({ channel_id }) => channel_id)).toEqual(channels.slice(0, 4).map(({ id }) => id));
    expect(await rowsOf(sql`SELECT count(*)::int4 AS n FROM users`)).toEqual([{ n: 1200 }]);
  });

  it('counts the members of each channel, and lists the channel in the chats of each of them', async () => {
    expect(await rowsOf(sql`
      SELECT FROM channel_heads h WHERE (members, admins) IS DISTINCT FROM
        (SELECT (count(*)::int4, count(*) FILTER (WHERE role <> 'member')::int4) FROM channel_members m WHERE m.channel_id = h.channel_id AND status = 'member')`)).toEqual([]);
    expect(await rowsOf(sql`
      SELECT FROM channel_members m FULL JOIN dialogs d ON d.owner_id = m.user_id AND d.peer_id = -1000000000000 - m.channel_id AND d.top_msg_id = 1
       WHERE m.user_id IS NULL OR d.owner_id IS NULL`)).toEqual([]);
    expect(await rowsOf(sql`
      SELECT FROM channels c LEFT JOIN channel_members m ON m.channel_id = c.channel_id AND m.user_id = c.creator_id WHERE m.role IS DISTINCT FROM 'creator'`)).toEqual([]);
  });

  it('makes the posts and the names of public channels searchable', async () => {
    const isPublic = sql`channel_id = ANY (${channels.slice(0, 4).map(({ id }) => id)}::int8[])`;
    expect(await rowsOf(sql`SELECT channel_id, word FROM channel_words WHERE ${isPublic} ORDER BY 1, 2`)).toHaveLength(8);
    expect(await rowsOf(sql`SELECT DISTINCT channel_id AS id FROM public_posts ORDER BY 1`)).toEqual(channels.slice(0, 2).map(({ id }) => ({ id })));
  });

  it('numbers the messages of each channel as its counter and its head say', async () => {
    expect(await rowsOf(sql`
      SELECT FROM channel_heads h JOIN counters c ON c.owner_id = -1000000000000 - h.channel_id
       WHERE (c.pts, c.next_msg_id, h.ordinal, h.top_msg_id) IS DISTINCT FROM
             (SELECT (max(pts), max(msg_id) + 1, max(ordinal), max(msg_id)) FROM channel_messages m WHERE m.channel_id = h.channel_id)
          OR h.ordinal <> (SELECT count(*) FROM channel_messages m WHERE m.channel_id = h.channel_id)
          OR h.top_date <> (SELECT max(date) FROM channel_messages m WHERE m.channel_id = h.channel_id)`)).toEqual([]);
  });

  it('puts each account with a device into as many private channels, and leaves ten and all messages unread to two accounts', async () => {
    const isPrivate = sql`peer_id < ${markPeer({ _: 'peerChannel', channel_id: channels[3]!.id })}`;
    const counted = await rowsOf(sql`SELECT owner_id AS id, count(*)::int4 AS n, sum(30 - read_ordinal)::int4 AS unread FROM dialogs WHERE ${isPrivate} GROUP BY 1 ORDER BY 1`);
    const ordinary = Array.from({ length: SIZE.devices - 3 }, (_, at) => ({ id: seedUserId(plan, at + 3), n: 5, unread: 0 }));
    expect(counted).toEqual([{ id: seedUserId(plan, 1), n: 20, unread: 200 }, { id: seedUserId(plan, 2), n: 20, unread: 600 }, ...ordinary]);
  });

  it('gives new channels ids of their own, and does nothing if the same seed exists', async () => {
    expect(await rowsOf(sql`SELECT nextval('channel_seq')::int4 AS next`)).toEqual([{ next: 25 }]);
    expect(await seed()).toMatch(/^was there: /);
  });
});
