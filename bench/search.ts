import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { searchUsers } from '@aerogram/domain';
import { silentLogger, systemClock } from '@aerogram/runtime';
import { openDatabase, sql, startEmbedded, type Database } from '@aerogram/storage';
import type { BenchOptions } from './measure.ts';
import { percentile, type Row } from './row.ts';

const USERS = 1_000_000;
const CONTACTS = 5000;
const VIEWER = 8n;
const SAMPLES_MIN = 20;

/** What people type, from the most common beginning to nothing at all. Names are words of `NAMES` syllables. */
const QUERIES: [name: string, query: string][] = [
  ['a common beginning (100,000 fit)', 'bab'],
  ['a first name (1,000 fit)', 'babobe'],
  ['first and last name', 'babobe doduba'],
  ['two common beginnings', 'bab dod'],
  ['a whole username', 'user_0777777'],
  ['a beginning of usernames (1,000,000 fit)', 'user_'],
  ['nobody', 'zzzzzz'],
];

/** How quick `contacts.search` is at 1,000,000 users with usernames, on the embedded database. */
export async function benchSearch({ seconds }: BenchOptions): Promise<Row[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'aerogram-bench-'));
  try {
    await using engine = await startEmbedded({ dataDir, log: silentLogger });
    await using db = await openDatabase({ url: engine.url, poolSize: 4, log: silentLogger, clock: systemClock });
    await db.migrate();
    const started = performance.now();
    await generate(db);
    console.log(`${USERS.toLocaleString('en-US')} users generated in ${((performance.now() - started) / 1000).toFixed(1)} s`);
    const rows: Row[] = [];
    for (const [name, query] of QUERIES) rows.push(await time(db, name, query, (seconds * 1000) / QUERIES.length));
    return rows;
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function time(db: Database, name: string, query: string, ms: number): Promise<Row> {
  for (let warm = 0; warm < 5; warm++) await searchUsers(db.q, VIEWER, query, 50);
  const samples: number[] = [];
  let found = 0;
  const until = performance.now() + ms;
  while (samples.length < SAMPLES_MIN || performance.now() < until) {
    const started = performance.now();
    const { own, others } = await searchUsers(db.q, VIEWER, query, 50);
    samples.push(performance.now() - started);
    found = own.length + others.length;
  }
  const sorted = Float64Array.from(samples);
  const mean = samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
  return { name, unit: 'searches', rate: 1000 / mean, p50Ms: percentile(sorted, 0.5), p99Ms: percentile(sorted, 0.99), note: `${found} found` };
}

/** 1,000 first names, the first of them far more common; 20,000 last names; a username each. The viewer has 5,000 contacts. */
async function generate(db: Database): Promise<void> {
  const syllables = sql`ARRAY['ba','be','bi','bo','bu','da','de','di','do','du','ka','ke','ki','ko','ku','la','le','li','lo','lu']`;
  const word = (value: ReturnType<typeof sql>) =>
    sql`(s[1 + (${value}) / 400 % 20] || s[1 + (${value}) / 20 % 20] || s[1 + (${value}) % 20])`;
  const slice = USERS / 20;
  for (let at = 0; at < 20; at++) {
    // A slice a transaction: none may live longer than 5 s.
    await db.transact('generate', async (tx) => {
      await sql`
        INSERT INTO users (user_id, first_name, last_name, username, created_date)
        SELECT (n + 2) * 8, initcap(${word(sql`(n % 10) * (n / 10 % 100)`)}), initcap(${word(sql`n / 7 % 8000`)}), 'user_' || lpad(n::text, 7, '0'), 0
          FROM generate_series(${at * slice}::int, ${(at + 1) * slice - 1}::int) AS n, (SELECT ${syllables} AS s) AS x`.execute(tx.q);
    });
    await db.transact('generate-words', async (tx) => {
      await sql`
        INSERT INTO user_words (user_id, word)
        SELECT user_id, w FROM users, unnest(ARRAY[lower(first_name), lower(last_name), username]) AS w
         WHERE user_id >= ${BigInt(at * slice + 2) * 8n} AND user_id < ${BigInt((at + 1) * slice + 2) * 8n}
        ON CONFLICT DO NOTHING`.execute(tx.q);
    });
  }
  await db.transact('generate-contacts', async (tx) => {
    await sql`
      INSERT INTO contacts (owner_id, user_id, first_name, last_name, words, created_date)
      SELECT ${VIEWER}::int8, user_id, first_name, last_name, ' ' || lower(first_name || ' ' || last_name), 0 FROM users WHERE user_id % 1600 = 16 LIMIT ${CONTACTS}`.execute(tx.q);
  });
  await sql`ANALYZE users, user_words, contacts`.execute(db.q);
}
