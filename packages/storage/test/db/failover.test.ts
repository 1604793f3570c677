import { ClockWatch, type Logger, silentLogger, systemClock } from '@aerogram/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, DatabaseUnavailable, defineStatement, EPOCH_JUMP, Membership, openDatabase, sql } from '../../src/index.ts';
import { type DatabaseServer, type Standbys, startStandbys, startSwitchingProxy, type SwitchingProxy, testEngine } from '../../testing/index.ts';

const WRITERS = 6;
const findKey = defineStatement<{ pts: number }>('test_find_send_key', 'SELECT pts FROM send_keys WHERE owner_id = $1 AND random_id = $2');
const addKey = defineStatement('test_add_send_key_of_writer', 'INSERT INTO send_keys (owner_id, random_id, global_id, peer_id, msg_id, pts, pts_count, date) VALUES ($1, $2, 1, 1, $3, $4, 1, 1)');

let servers: Standbys;
let proxy: SwitchingProxy;
let lease: Membership;
let db: Database;
const said: string[] = [];
const log = { ...silentLogger, warn: (_: unknown, words: string) => said.push(words), error: (_: unknown, words: string) => said.push(words) } as unknown as Logger;
/** What was acknowledged: the number of each send, by owner and key. */
const sent = new Map<string, number>();

beforeAll(async () => {
  servers = await startStandbys(2, testEngine());
  proxy = await startSwitchingProxy(servers.primary);
  let taken: Membership | undefined;
  db = await openDatabase({
    url: proxy.url,
    poolSize: 4,
    log: silentLogger,
    clock: systemClock,
    gate: () => taken?.gate(),
    incarnation: () => taken?.incarnation,
    primary: { timeline: () => taken?.timeline, met: () => taken?.lookNow() },
  });
  lease = taken = await Membership.take({ url: proxy.url, holder: 'one', host: 'here', joins: true, clock: systemClock, watch: new ClockWatch(systemClock), log });
  lease.onPrimary(() => db.leaveFormerPrimary());
});
afterAll(async () => {
  await lease?.[Symbol.asyncDispose]();
  await db?.[Symbol.asyncDispose]();
  await proxy?.[Symbol.asyncDispose]();
  await servers?.[Symbol.asyncDispose]();
});

/** Sends once; a repeat finds what the first has done. */
const sendOnce = (owner: bigint, key: bigint): Promise<number> =>
  db.transact('send', async (tx) => {
    const counter = (await tx.lockCounters([owner])).get(owner)!;
    const { rows } = await tx.run(findKey, [owner, key]);
    if (rows[0]) return rows[0].pts;
    counter.pts += 1;
    tx.runLast(addKey, [owner, key, counter.next_msg_id++, counter.pts]);
    return counter.pts;
  });

let lastKey = 0n;

/** Sends, and repeats what fails, as clients do. */
async function send(owner: bigint): Promise<void> {
  const key = ++lastKey;
  for (;;) {
    try {
      const pts = await sendOnce(owner, key);
      sent.set(`${owner} ${key}`, pts);
      return;
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Sends all the time while `fn` runs, and until each writer has sent once more after it. */
async function underLoad(fn: () => Promise<void>): Promise<void> {
  let isOver = false;
  const writers = Array.from({ length: WRITERS }, async (_, n) => {
    for (let rest = 2; rest > 0; rest -= isOver ? 1 : 0) await send(BigInt(1 + (n % 3)));
  });
  await Promise.all([...writers, fn().finally(() => (isOver = true))]);
}

/** All sends that a server has, as `sent`. */
async function stored(server: DatabaseServer): Promise<Map<string, number>> {
  const rows = await server.run<{ owner_id: bigint; random_id: bigint; pts: number }>('SELECT owner_id, random_id, pts FROM send_keys ORDER BY random_id');
  return new Map(rows.map((row) => [`${row.owner_id} ${row.random_id}`, row.pts]));
}

/** The primary goes away in the middle of what it does, and a standby takes its place. */
async function failOver(from: DatabaseServer, to: DatabaseServer): Promise<void> {
  const before = lease.timeline;
  await from.kill();
  proxy.lead(undefined);
  await to.promote();
  proxy.lead(to);
  await expect.poll(() => lease.timeline, { interval: 20 }).not.toBe(before);
}

const epoch = async (): Promise<number> => (await sql<{ epoch: number }>`SELECT value::integer AS epoch FROM meta WHERE key = 'epoch'`.execute(db.q)).rows[0]!.epoch;
const noted = () => db.q.selectFrom('cluster').select(['timeline', 'synchronous', 'barrier']).executeTakeFirstOrThrow();

describe('a database with standbys', () => {
  test('is used through its primary only, and what is known of the standby is noted', async () => {
    const [standby] = servers.standbys;
    const refused = openDatabase({ url: standby!.url, poolSize: 1, log: silentLogger, clock: systemClock });
    await expect(refused).rejects.toThrow(DatabaseUnavailable);
    await expect.poll(noted).toMatchObject({ timeline: '00000001', synchronous: true });
  });

  test('a COMMIT whose wait for the standby is broken off is not acknowledged before a standby has it', async () => {
    const { primary, standbys } = servers;
    await send(9n);
    await standbys[0]!.follow(undefined);
    await primary.until('NOT EXISTS (SELECT FROM pg_stat_replication)');
    let isOver = false;
    const sending = send(9n).finally(() => (isOver = true));
    const waits = `FROM pg_stat_activity WHERE application_name LIKE 'aerogram%' AND application_name <> 'aerogram lease' AND wait_event = 'SyncRep'`;
    await primary.until(`EXISTS (SELECT ${waits})`);
    await primary.run(`SELECT pg_cancel_backend(pid) ${waits}`);
    // Visible to all, and not confirmed: now the inquiry waits.
    await primary.until(`EXISTS (SELECT FROM send_keys WHERE random_id = ${lastKey}) AND EXISTS (SELECT ${waits})`);
    expect(isOver).toBe(false);
    await standbys[0]!.follow(primary);
    await sending;
    expect([...(await stored(primary))].filter(([key]) => key.startsWith('9 '))).toEqual([...sent]);
  });

  test('loses and doubles nothing when the primary is killed, and is used again without a restart', async () => {
    const [next] = servers.standbys;
    let barriers = 0;
    using _listening = lease.onBarrier(() => barriers++);
    await underLoad(async () => {
      await send(1n);
      await failOver(servers.primary, next!);
    });
    expect(await stored(next!)).toEqual(new Map(sent));
    expect(new Set([...sent].map(([key, pts]) => `${key.split(' ')[0]} ${pts}`)).size).toBe(sent.size);
    expect([await epoch(), barriers]).toEqual([1, 1]);
    expect(said).toContain('another server is the primary of the database; no commit is lost');
    await expect.poll(noted).toMatchObject({ timeline: '00000002', synchronous: false });
  });

  test('gives no number twice when a standby that lags becomes the primary', async () => {
    const [primary, next] = servers.standbys as [DatabaseServer, DatabaseServer];
    await next.follow(primary);
    await next.until('EXISTS (SELECT FROM send_keys WHERE random_id = ' + lastKey + ')');
    await next.follow(undefined);
    await next.until('NOT EXISTS (SELECT FROM pg_stat_wal_receiver)');
    const { n: chatId } = (await sql<{ n: bigint }>`SELECT nextval('chat_seq') AS n`.execute(db.q)).rows[0]!;
    await Promise.all(Array.from({ length: 20 }, () => send(1n)));
    const before = new Map(sent);
    await underLoad(() => failOver(primary, next));
    const kept = await stored(next);
    const lost = [...before].filter(([key]) => !kept.has(key));
    expect(lost.length).toBeGreaterThanOrEqual(20);
    // Whatever was acknowledged on either of them had a number of its own.
    expect(new Set([...sent].map(([key, pts]) => `${key.split(' ')[0]} ${pts}`)).size).toBe(sent.size);
    expect(Math.max(...kept.values())).toBeGreaterThan(EPOCH_JUMP);
    expect(await epoch()).toBe(2);
    expect((await sql<{ n: bigint }>`SELECT nextval('chat_seq') AS n`.execute(db.q)).rows[0]!.n).toBeGreaterThan(chatId);
    expect(said.join()).toContain('an epoch begins');
    // A counter that nobody has locked since: those who read it see the jump.
    const read = (table: string) => next.run<{ pts: number }>(`SELECT pts FROM ${table} WHERE owner_id = 9`);
    expect([(await read('counters'))[0]!.pts, (await read('counters_now'))[0]!.pts]).toEqual([3, 3 + EPOCH_JUMP]);
  });

  test('a former primary that comes back is not served from', async () => {
    const [former, primary] = servers.standbys as [DatabaseServer, DatabaseServer];
    await former.start();
    proxy.lead(former);
    await expect.poll(() => lease.isAnswering, { interval: 20 }).toBe(false);
    await expect(sendOnce(1n, 1_000_000n)).rejects.toThrow(DatabaseUnavailable);
    proxy.lead(primary);
    await send(1n);
    expect(await stored(former)).not.toHaveProperty('1 1000000');
  });
});
