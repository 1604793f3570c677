import { ClockWatch, silentLogger, systemClock } from '@aerogram/runtime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Connections } from '../../src/database/connections.ts';
import { migrate } from '../../src/database/migrate.ts';
import { DatabaseServed, doAcceptClock, findServingState, Membership, sql, takeFormerLease } from '../../src/index.ts';
import { MIGRATIONS, type TestDatabase, testDatabase } from '../../testing/index.ts';

let db: TestDatabase;
const open: Membership[] = [];
beforeEach(async () => {
  db = await testDatabase();
});
afterEach(async () => {
  for (const lease of open.splice(0)) await lease[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
});

async function take(holder: string, watch = new ClockWatch(systemClock)): Promise<Membership> {
  const lease = await Membership.take({ url: db.url, holder, host: `host-of-${holder}`, clock: systemClock, watch, log: silentLogger });
  open.push(lease);
  return lease;
}

/** Changes the row as another server would, against the rules. */
async function takeOver(): Promise<void> {
  await sql`UPDATE nodes SET name = 'other', token = token + 1, host = 'elsewhere'`.execute(db.q);
}

describe('the lease of a server that is alone', () => {
  test('is refused to a second server with the name of the first, and is free at once when the first ends', async () => {
    const first = await take('one');
    const refused = take('two');
    await expect(refused).rejects.toThrow(DatabaseServed);
    await expect(refused).rejects.toThrow(`another server uses this database: process ${process.pid} on host-of-one`);
    await first[Symbol.asyncDispose]();
    const startedMs = performance.now();
    await take('two');
    expect(performance.now() - startedMs).toBeLessThan(2000);
  });

  test('of a killed server expires, and the same server gets it back at once', async () => {
    await take('one');
    const token = async (): Promise<bigint | undefined> => (await db.q.selectFrom('nodes').select('token').executeTakeFirst())?.token;
    const before = await token();
    await sql`UPDATE nodes SET name = 'killed', until_ms = until_ms - 9000`.execute(db.q);
    await take('two');
    expect(await findServingState(db)).toMatchObject({ holder: 'two', isHeld: true });
    await sql`UPDATE nodes SET name = 'killed'`.execute(db.q);
    await take('killed');
    expect(await token()).toBe(before! + 2n);
  });

  test("of a killed server also expires when the database's clock was set back", async () => {
    const first = await take('killed');
    await first[Symbol.asyncDispose]();
    await sql`UPDATE nodes SET until_ms = until_ms + (extract(epoch FROM clock_timestamp()) * 1000)::bigint + 3600000`.execute(db.q);
    await take('two');
    expect(await findServingState(db)).toMatchObject({ holder: 'two', isHeld: true });
    await db.q.updateTable('nodes').set({ until_ms: 0n }).execute();
  });

  test('can be taken over: the former holder is told and writes nothing more', async () => {
    const lease = await take('one');
    expect(lease.gate()).toBeUndefined();
    await takeOver();
    expect((await lease.lost).message).toContain('another server has taken this database over');
    expect((await lease.lost).message).toContain('on elsewhere');
    await expect(lease.gate()).rejects.toThrow(DatabaseServed);
    // It also does not give up a lease that belongs to another server.
    await lease[Symbol.asyncDispose]();
    expect(await findServingState(db)).toMatchObject({ holder: 'other', isHeld: true });
  });

  test('survives the loss of its connection, and reports meanwhile that the database does not respond', async () => {
    const lease = await take('one');
    const states: boolean[] = [];
    lease.listen(() => void states.push(lease.isAnswering));
    const { rows } = await sql<{ closed: boolean }>`
      SELECT pg_terminate_backend(pid) AS closed FROM pg_stat_activity WHERE application_name = 'aerogram lease' AND datname = current_database()`.execute(db.q);
    expect(rows).toEqual([{ closed: true }]);
    const renewed = states.length;
    await expect.poll(() => states.slice(renewed).includes(true), { timeout: 10_000 }).toBe(true);
    expect(lease.gate()).toBeUndefined();
  });
});

test('a server of an earlier version keeps its schema while it serves; the next one goes on from its row', async () => {
  await using old = await testDatabase({ isEmpty: true });
  await using connections = new Connections({ url: old.url, poolSize: 1, log: silentLogger, clock: systemClock });
  await migrate(connections, silentLogger, MIGRATIONS.slice(0, MIGRATIONS.findIndex(({ subject }) => subject === 'nodes')));
  const nowMs = Date.now();
  await sql`INSERT INTO serving_node (slot, holder, token, until_ms, host, pid, clock_ms, step_ms, stepped_ms)
            VALUES (0, 'old', 7, ${nowMs + 60_000}, 'somewhere', 1, ${nowMs}, 3600000, ${nowMs - 1000})`.execute(old.q);
  expect(await findServingState(old)).toMatchObject({ holder: 'old', host: 'somewhere', isHeld: true, clock: { stepMs: 3_600_000 } });
  const taker = { url: old.url, holder: 'new', host: 'here', clock: systemClock, watch: new ClockWatch(systemClock), log: silentLogger };
  let isOver = false;
  const refused = takeFormerLease(old, taker).then(() => 'taken', String).finally(() => (isOver = true));
  while (!isOver) await sql`UPDATE serving_node SET until_ms = until_ms + 1`.execute(old.q);
  expect(await refused).toContain('another server uses this database: process 1 on somewhere (server old)');

  await sql`UPDATE serving_node SET until_ms = 0`.execute(old.q);
  await takeFormerLease(old, taker);
  await migrate(connections, silentLogger, MIGRATIONS);
  await using lease = await Membership.take(taker);
  expect([lease.token, lease.members.map(({ name }) => name)]).toEqual([9n, ['new']]);
  expect((await findServingState(old))?.clock).toMatchObject({ stepMs: 3_600_000, steppedMs: nowMs - 1000 });
});

describe('the clock', () => {
  const YEAR_MS = 365 * 86_400_000;

  /** A clock whose error the test sets. */
  function wrongClock(): { nowMs(): number; monotonicMs(): number; aheadMs: number } {
    const clock = { aheadMs: 0, nowMs: () => systemClock.nowMs() + clock.aheadMs, monotonicMs: () => systemClock.monotonicMs() };
    return clock;
  }

  test('is compared with the database all the time', async () => {
    const clock = wrongClock();
    const watch = new ClockWatch(clock);
    await take('one', watch);
    expect(Math.abs(watch.offsetMs)).toBeLessThan(30_000);
    clock.aheadMs = YEAR_MS;
    await expect.poll(() => watch.doubt('proven'), { timeout: 10_000 }).toContain("365.0 days ahead of the database's clock");
    await expect.poll(async () => (await findServingState(db))?.clock.stepMs ?? 0, { timeout: 10_000 }).toBeGreaterThan(YEAR_MS - 60_000);
  });

  test('record of the last server is continued by the next one, until the operator accepts another time', async () => {
    const before = await take('one');
    await before[Symbol.asyncDispose]();
    await sql`UPDATE nodes SET clock_ms = clock_ms - ${YEAR_MS}::bigint`.execute(db.q);
    const watch = new ClockWatch(systemClock);
    await take('one', watch);
    expect(watch.doubt('proven')).toContain('it jumped ahead by 365.0 days');
    await expect.poll(async () => (await findServingState(db))?.clock.stepMs !== undefined, { timeout: 10_000 }).toBe(true);
    await doAcceptClock(db);
    await expect.poll(() => watch.doubt('proven'), { timeout: 10_000 }).toBeUndefined();
  });
});
