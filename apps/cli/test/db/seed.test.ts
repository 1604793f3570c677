import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planSeed, seedBoxSize, seedDevicesOf, seedUserId } from '@aerogram/cli/seed';
import { sql } from '@aerogram/storage';
import { testDatabase, type TestDatabase } from '@aerogram/storage/testing';
import { createProgram } from '../../src/program.ts';

const SIZE = { users: 500, messages: 6000, devices: 20 };
const plan = planSeed(SIZE);

let db: TestDatabase;
let dataDir: string;

async function seed(...more: string[]): Promise<string> {
  const lines: string[] = [];
  const env = { AEROGRAM_DATABASE_URL: db.url, AEROGRAM_DATA_DIR: dataDir, AEROGRAM_TEST_MODE: '1' };
  const sizes = Object.entries(SIZE).flatMap(([name, n]) => [`--${name}`, String(n)]);
  await createProgram(env, (line) => void lines.push(line)).parseAsync(['dev', 'seed', ...sizes, ...more], { from: 'user' });
  return lines.at(-1)!;
}

/** Rows that violate a condition; none if everything is right. */
async function exceptions(query: ReturnType<typeof sql>): Promise<unknown[]> {
  return (await query.execute(db.q)).rows;
}

beforeAll(async () => {
  db = await testDatabase();
  dataDir = mkdtempSync(join(tmpdir(), 'aerogram-seed-'));
  await seed();
});

afterAll(async () => {
  await db[Symbol.asyncDispose]();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('aerogram dev seed', () => {
  it('numbers every box without gaps, as its counter says', async () => {
    const { rows } = await sql<{ owner_id: bigint; size: bigint; pts: number }>`
      SELECT c.owner_id, c.pts, (SELECT count(*) FROM messages m WHERE m.owner_id = c.owner_id) AS size FROM counters c WHERE owner_id > 8 ORDER BY 1`.execute(db.q);
    expect(rows.map((row) => Number(row.size))).toEqual(Array.from({ length: SIZE.users }, (_, n) => seedBoxSize(plan, n)));
    expect(rows.map((row) => row.owner_id)).toEqual(Array.from({ length: SIZE.users }, (_, n) => seedUserId(plan, n)));
    expect(rows.every((row) => row.pts === Number(row.size) + 1)).toBe(true);
    const next = sql`lag(msg_id, 1, 0) OVER (PARTITION BY owner_id ORDER BY msg_id)`;
    expect(await exceptions(sql`SELECT FROM (SELECT msg_id, pts, date, ${next} AS before, lag(date, 1, 0) OVER (PARTITION BY owner_id ORDER BY msg_id) AS earlier FROM messages) AS m
      WHERE msg_id <> before + 1 OR pts <> msg_id + 1 OR date < earlier`)).toEqual([]);
  });

  it('creates both copies of each message', async () => {
    expect(await exceptions(sql`SELECT FROM messages a WHERE NOT EXISTS (SELECT FROM messages b WHERE b.owner_id = a.peer_id AND b.global_id = a.global_id
      AND b.peer_id = a.owner_id AND b.text = a.text AND b.date = a.date AND b.from_id = a.from_id AND b.flags <> a.flags)`)).toEqual([]);
    expect((await sql<{ n: bigint }>`SELECT count(*) AS n FROM messages`.execute(db.q)).rows[0]!.n).toBe(BigInt(plan.messages * 2));
  });

  it('keeps dialogs, search and devices consistent with the messages', async () => {
    expect(await exceptions(sql`SELECT FROM dialogs d WHERE (top_msg_id, top_date, msg_count) IS DISTINCT FROM (SELECT (max(msg_id), max(date), count(*)::int4)
      FROM messages m WHERE m.owner_id = d.owner_id AND m.peer_id = d.peer_id)`)).toHaveLength(0);
    expect(await exceptions(sql`SELECT FROM counters c JOIN search_state s USING (owner_id) WHERE s.indexed_pts <> c.pts`)).toEqual([]);
    const searchable = await sql<{ n: bigint }>`SELECT count(DISTINCT owner_id) AS n FROM message_search`.execute(db.q);
    expect(searchable.rows[0]!.n).toBe(BigInt(SIZE.devices));
    const { n: devices } = await db.q.selectFrom('authorizations').select((eb) => eb.fn.countAll<bigint>().as('n')).executeTakeFirstOrThrow();
    expect(Number(devices)).toBe(seedDevicesOf(plan, 0) + SIZE.devices - 1);
  });

  it('does nothing if the same seed exists, and refuses any other data', async () => {
    expect(await seed()).toMatch(/^was there: /);
    await expect(seed('--users', '600')).rejects.toThrow('not empty');
  });
});
