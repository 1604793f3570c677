import { indexAllBehind } from '@aerogram/domain';
import { createAuthKey } from '@aerogram/mtproto';
import { type Database, sql } from '@aerogram/storage';
import { LAYER } from '@aerogram/tl';
import { writeChannels } from './seed-channels.ts';
import type { SeedDeps } from './seed-deps.ts';
import { SEED_TEXTS, seedFirstName, seedLastName, seedPhone, seedUsername } from './seed-names.ts';
import { type SeedPlan, seedBoxSize, seedDevicesOf, seedKey, seedUserId } from './seed-plan.ts';

/** Rows per transaction, which may take at most 5 s. */
const SLICE_ROWS = 36_000;
/** The first message is from 2025-01-01; all are older than the time for which keys of sends are kept. */
const FIRST_DATE = 1_735_689_600;

const DAY_S = 86_400;
/** Date of the first message of the big box, after those of the ring. */
const BIG_BOX_DATE = FIRST_DATE + 100 * DAY_S;
/** Seconds between two messages of the big box. */
const BIG_BOX_EVERY_S = 5;

/**
 * Fills an empty database according to the plan, through the server's own tables. The result is always the same except for the dates of
 * accounts, which are today, so that none counts as inactive. Only accounts with a device are searchable at once; the boxes of all others
 * count as indexed.
 * @throws Error when the database contains other data, or an earlier seeding was interrupted
 */
export async function seedDatabase(deps: SeedDeps, plan: SeedPlan): Promise<'seeded' | 'was there'> {
  const { db, say } = deps;
  const mark = JSON.stringify(plan);
  const before = await sql<{ value: string }>`SELECT value FROM meta WHERE key = 'seed'`.execute(db.q);
  if (before.rows[0]?.value === mark) return 'was there';
  const found = await sql`SELECT FROM counters UNION ALL SELECT FROM phones LIMIT 1`.execute(db.q);
  if (before.rows.length > 0 || found.rows.length > 0) throw new Error('the database is not empty: a seed needs a data directory of its own');
  await sql`INSERT INTO meta (key, value) VALUES ('seed', 'broken off')`.execute(db.q);

  const indexes = await dropIndexes(db);
  await inSlices(plan.users, 20_000, (from, to) => writeUsers(deps, plan, from, to));
  await writeContacts(deps, plan);
  say(`${plan.users} accounts`);
  await inSlices(plan.users, Math.max(1, Math.floor(SLICE_ROWS / plan.ringBox)), async (from, to) => {
    await writeRing(deps, plan, from, to);
    if (Math.floor((from * 10) / plan.users) !== Math.floor((to * 10) / plan.users)) say(`${Math.floor((to * 100) / plan.users)} % of the ring`);
  });
  await inSlices(plan.bigBox, SLICE_ROWS / 2, (from, to) => writeBigBox(deps, plan, from, to));
  await writeChannels(deps, plan);
  await sql`SET statement_timeout = 0`.execute(db.q);
  await sql`SET maintenance_work_mem = '1GB'`.execute(db.q);
  for (const index of indexes) await sql.raw(index).execute(db.q);
  say(`${plan.messages} messages`);
  await inSlices(plan.devices, 5000, (from, to) => writeDevices(deps, plan, from, to));
  await indexAllBehind(db);
  say(`${plan.devices} devices, whose accounts are searchable`);
  await sql`VACUUM (ANALYZE)`.execute(db.q);
  await sql`UPDATE meta SET value = ${mark} WHERE key = 'seed'`.execute(db.q);
  return 'seeded';
}

/**
 * Drops indexes, because creating them afterwards is much faster than updating them for each row.
 * @returns the statements that recreate them
 */
async function dropIndexes(db: Database): Promise<string[]> {
  const { rows } = await sql<{ name: string; definition: string }>`
    SELECT indexname AS name, indexdef AS definition FROM pg_indexes
     WHERE schemaname = current_schema AND tablename IN ('messages', 'user_words', 'channel_members', 'channel_messages') AND indexname NOT LIKE '%_pkey'`.execute(db.q);
  for (const { name } of rows) await sql`DROP INDEX ${sql.ref(name)}`.execute(db.q);
  return rows.map(({ definition }) => definition);
}

async function inSlices(count: number, size: number, write: (from: number, to: number) => Promise<void>): Promise<void> {
  for (let from = 0; from < count; from += size) await write(from, Math.min(count, from + size));
}

/** Writes accounts with everything by which they are found, their counters, and their search state. */
async function writeUsers({ db, nowDate }: SeedDeps, plan: SeedPlan, from: number, to: number): Promise<void> {
  const all = Array.from({ length: to - from }, (_, i) => from + i);
  const ids = all.map((n) => seedUserId(plan, n));
  const pts = all.map((n) => seedBoxSize(plan, n) + 1);
  const others = ids.flatMap((id, i) => (from + i < plan.devices ? [] : [{ id, pts: pts[i]! }]));
  await db.transact('seed-users', async (tx) => {
    await sql`
      INSERT INTO users (user_id, phone, first_name, last_name, username, created_date, online_date)
      SELECT i, p, f, l, u, ${nowDate}::int, ${nowDate}::int
        FROM unnest(${ids}::int8[], ${all.map(seedPhone)}::text[], ${all.map(seedFirstName)}::text[], ${all.map(seedLastName)}::text[],
                    ${all.map(seedUsername)}::text[]) AS x (i, p, f, l, u)`.execute(tx.q);
    await sql`
      INSERT INTO phones (phone, user_id, confirmed, reserved_date)
      SELECT phone, user_id, true, created_date FROM users WHERE user_id = ANY (${ids}::int8[])`.execute(tx.q);
    await sql`
      INSERT INTO usernames (name, peer_id, confirmed, reserved_date)
      SELECT username, user_id, true, created_date FROM users WHERE user_id = ANY (${ids}::int8[])`.execute(tx.q);
    await sql`
      INSERT INTO user_words (user_id, word, words)
      SELECT DISTINCT user_id, w, concat(' ', username, ' ', lower(first_name), ' ', lower(last_name))
        FROM users, unnest(ARRAY[username, lower(first_name), lower(last_name)]) AS w
       WHERE user_id = ANY (${ids}::int8[])`.execute(tx.q);
    await sql`
      INSERT INTO counters (owner_id, pts, next_msg_id, epoch)
      SELECT o, p, p, (SELECT value::int FROM meta WHERE key = 'epoch') FROM unnest(${ids}::int8[], ${pts}::int4[]) AS x (o, p)`.execute(tx.q);
    await sql`
      INSERT INTO search_state (owner_id, indexed_pts)
      SELECT * FROM unnest(${others.map(({ id }) => id)}::int8[], ${others.map((one) => one.pts)}::int4[])`.execute(tx.q);
  });
}

async function writeContacts({ db, nowDate }: SeedDeps, plan: SeedPlan): Promise<void> {
  const ids = Array.from({ length: plan.contacts }, (_, i) => seedUserId(plan, i + 1));
  await db.transact('seed-contacts', async (tx) => {
    await sql`
      INSERT INTO contacts (owner_id, user_id, phone, first_name, last_name, words, created_date)
      SELECT ${seedUserId(plan, 0)}::int8, user_id, phone, first_name, last_name, ' ' || lower(first_name || ' ' || last_name), ${nowDate}::int
        FROM users WHERE user_id = ANY (${ids}::int8[])`.execute(tx.q);
  });
}

/** SQL for the id of account number `n`, an integer expression. */
const idOf = (plan: SeedPlan, n: ReturnType<typeof sql>) => sql`((${n} + 1)::int8 << 3 | ${plan.dcId}::int8)`;

/**
 * SQL that writes copies of messages and their dialogs, all marked as read.
 * @param copies a query of (owner, peer, message, id, is_out, date): accounts and messages by number, and the owner's own message id
 */
const insertCopies = (plan: SeedPlan, copies: ReturnType<typeof sql>) => sql`
  WITH written AS (
    INSERT INTO messages (owner_id, msg_id, global_id, peer_id, from_id, pts, date, flags, text)
    SELECT ${idOf(plan, sql`owner`)}, id, hashint8extended(message, 1) & ${2n ** 63n - 1n}::int8, ${idOf(plan, sql`peer`)},
           CASE WHEN is_out THEN ${idOf(plan, sql`owner`)} ELSE ${idOf(plan, sql`peer`)} END, id + 1, date, is_out::int4,
           (${[...SEED_TEXTS]}::text[])[1 + (hashint8extended(message, 2) & 1048575) % ${SEED_TEXTS.length}::int]
      FROM (${copies}) AS c
    RETURNING owner_id, peer_id, msg_id, date)
  INSERT INTO dialogs AS d (owner_id, peer_id, top_msg_id, top_date, msg_count, read_inbox_max_id, read_outbox_max_id)
  SELECT owner_id, peer_id, max(msg_id), max(date), count(*), max(msg_id), max(msg_id) FROM written GROUP BY owner_id, peer_id ORDER BY owner_id, peer_id
  ON CONFLICT (owner_id, peer_id) DO UPDATE
     SET top_msg_id = excluded.top_msg_id, top_date = excluded.top_date, msg_count = d.msg_count + excluded.msg_count,
         read_inbox_max_id = excluded.top_msg_id, read_outbox_max_id = excluded.top_msg_id`;

/**
 * Writes the boxes of accounts `from` … `to` − 1 with the messages of neighbours. Of two accounts, the one with the lower number starts,
 * and they take turns.
 */
async function writeRing({ db }: SeedDeps, plan: SeedPlan, from: number, to: number): Promise<void> {
  const { users, reach, messagesPerDialog } = plan;
  if (messagesPerDialog === 0) return;
  const copies = sql`
    SELECT *, row_number() OVER (PARTITION BY owner ORDER BY date, message)::int4 AS id
      FROM (SELECT owner, (owner + side * far + ${users}::int) % ${users}::int AS peer, message, (side = 1) = (turn % 2 = 0) AS is_out,
                   (${FIRST_DATE}::int + turn * ${DAY_S}::int + (hashint8extended(message, 3) & 65535))::int4 AS date
              FROM generate_series(${from}::int, ${to - 1}::int) AS owner, generate_series(1, ${reach}::int) AS far,
                   (VALUES (1), (-1)) AS sides (side), generate_series(0, ${messagesPerDialog - 1}::int) AS turn,
                   LATERAL (SELECT CASE side WHEN 1 THEN owner ELSE (owner - far + ${users}::int) % ${users}::int END::int8 AS first) AS f,
                   LATERAL (SELECT (first * ${reach}::int + far - 1) * ${messagesPerDialog}::int + turn AS message) AS m) AS dated
     ORDER BY owner, id`;
  await db.transact('seed-ring', async (tx) => {
    await insertCopies(plan, copies).execute(tx.q);
  });
}

/** Writes both copies of messages `from` … `to` − 1 of the big box. */
async function writeBigBox({ db }: SeedDeps, plan: SeedPlan, from: number, to: number): Promise<void> {
  const { bigBoxPeers, ringBox } = plan;
  const firstMessage = BigInt(plan.messages - plan.bigBox);
  const copies = sql`
    SELECT CASE own WHEN 1 THEN 0 ELSE peer END AS owner, CASE own WHEN 1 THEN peer ELSE 0 END AS peer, ${firstMessage}::int8 + at AS message,
           (own = 1) = (at / 4 % 2 = 0) AS is_out, ${BIG_BOX_DATE}::int + at * ${BIG_BOX_EVERY_S}::int AS date,
           ${ringBox}::int + 1 + CASE own WHEN 1 THEN at ELSE turn END AS id
      FROM (SELECT at, CASE at % 2 WHEN 0 THEN 1 ELSE 2 + at / 2 % ${bigBoxPeers - 1}::int END AS peer,
                   CASE at % 2 WHEN 0 THEN at / 2 ELSE at / 2 / ${bigBoxPeers - 1}::int END AS turn
              FROM generate_series(${from}::int, ${to - 1}::int) AS at) AS places, (VALUES (0), (1)) AS copies (own)
     ORDER BY owner, id`;
  await db.transact('seed-big-box', async (tx) => {
    await insertCopies(plan, copies).execute(tx.q);
  });
}

/** Writes keys and authorisations of the accounts `from` … `to` − 1. */
async function writeDevices({ db, nowDate }: SeedDeps, plan: SeedPlan, from: number, to: number): Promise<void> {
  const devices = Array.from({ length: to - from }, (_, i) => from + i).flatMap((n) =>
    Array.from({ length: seedDevicesOf(plan, n) }, (_, device) => ({ user_id: seedUserId(plan, n), key: createAuthKey(seedKey(n, device)) })),
  );
  await db.transact('seed-devices', async (tx) => {
    await sql`
      INSERT INTO auth_keys (auth_key_id, auth_key, kind, dc_id, media, test, created_date, user_id, layer, api_id, device_model)
      SELECT k, b, 0, ${plan.dcId}::int2, false, false, ${nowDate}::int, u, ${LAYER}::int2, 1, 'seed'
        FROM unnest(${devices.map(({ key }) => key.id)}::int8[], ${devices.map(({ key }) => Buffer.from(key.bytes))}::bytea[],
                    ${devices.map(({ user_id }) => user_id)}::int8[]) AS x (k, b, u)`.execute(tx.q);
    await sql`
      INSERT INTO authorizations (user_id, auth_key_id, hash, created_date, active_date, address)
      SELECT user_id, auth_key_id, hashint8extended(auth_key_id, 4), ${nowDate}::int, ${nowDate}::int, '127.0.0.1'
        FROM auth_keys WHERE auth_key_id = ANY (${devices.map(({ key }) => key.id)}::int8[])`.execute(tx.q);
  });
}
