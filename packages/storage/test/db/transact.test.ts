import { type Clock, createFakeClock, silentLogger, systemClock } from '@aerogram/runtime';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, EPOCH_JUMP, defineStatement, isTextRefused, openDatabase, type Statement } from '../../src/index.ts';
import { DatabaseUnavailable, OutcomeUnknown } from '../../src/database/errors.ts';
import { type TestDatabase, testDatabase } from '../../testing/index.ts';
import { type CommitFate, startCommitProxy } from './commit-proxy.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db[Symbol.asyncDispose]());

const open = (url: string, clock: Clock = systemClock): Promise<Database> => openDatabase({ url, poolSize: 4, log: silentLogger, clock });

const readPts = async (owner: bigint): Promise<number | undefined> =>
  (await db.q.selectFrom('counters').select('pts').where('owner_id', '=', owner).executeTakeFirst())?.pts;

/** Adds one to an owner's pts and returns the new value. */
const addOne = (database: Database, owner: bigint, onAttempt = (): void => {}): Promise<number> =>
  database.transact('add-one', async (tx) => {
    const counter = (await tx.lockCounters([owner])).get(owner)!;
    onAttempt();
    counter.pts += 1;
    return counter.pts;
  });

test('counters begin at 1 and keep changes', async () => {
  await db.transact('test', async (tx) => {
    const counters = await tx.lockCounters([7n, 3n, 7n]);
    expect([...counters.keys()]).toEqual([3n, 7n]);
    expect(counters.get(7n)).toMatchObject({ owner_id: 7n, pts: 1, qts: 0, next_msg_id: 1, epoch: 1 });
    counters.get(7n)!.pts += 1;
  });
  expect([await readPts(3n), await readPts(7n)]).toEqual([1, 2]);
});

test('a transaction that throws is rolled back, and its callbacks never run', async () => {
  const callbacks: string[] = [];
  await expect(
    db.transact('test', async (tx) => {
      tx.afterCommit(() => void callbacks.push('never'));
      (await tx.lockCounters([8n])).get(8n)!.pts = 50;
      await tx.saveCounters((await tx.lockCounters([8n])).values());
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  expect(await readPts(8n)).toBe(1);
  await db.transact('test', async (tx) => tx.afterCommit(() => void callbacks.push('after')));
  expect(callbacks).toEqual(['after']);
});

test('a transaction returns when what its callbacks wait for is done, and rejects with it', async () => {
  const order: string[] = [];
  let settle!: () => void;
  const settled = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const committed = new Promise<void>((resolve) => {
    void db
      .transact('test', async (tx) => {
        tx.afterCommit(() => {
          order.push('first');
          return settled;
        });
        tx.afterCommit(() => {
          order.push('second');
          resolve();
        });
      })
      .then(() => order.push('returned'));
  });
  await committed;
  // Another transaction comes through meanwhile: nothing of the database is held.
  await db.transact('test', () => Promise.resolve());
  expect(order).toEqual(['first', 'second']);
  settle();
  await expect.poll(() => order).toEqual(['first', 'second', 'returned']);
  await expect(db.transact('test', async (tx) => tx.afterCommit(() => Promise.reject(new Error('not settled'))))).rejects.toThrow('not settled');
});

test('a text with a NUL character is refused in a way that callers recognise', async () => {
  const refusal = (run: Promise<unknown>): Promise<boolean> => run.then(() => false, isTextRefused);
  expect(await refusal(sql`SELECT ${'a\0b'}::text`.execute(db.q))).toBe(true);
  expect(await refusal(sql`SELECT ${JSON.stringify('a\0b')}::jsonb`.execute(db.q))).toBe(true);
  expect(await refusal(db.transact('test', (tx) => sql`SELECT ${'a\0b'}::text`.execute(tx.q)))).toBe(true);
  expect(await refusal(sql`SELECT 1 / 0`.execute(db.q))).toBe(false);
});

test('an ignored failure of a statement does not count as a commit', async () => {
  const ignoring = db.transact('test', async (tx) => {
    await tx.lockCounters([9n]);
    await tx.q.insertInto('counters').values({ owner_id: 9n, epoch: 1 }).execute().catch(() => undefined);
  });
  await expect(ignoring).rejects.toThrow(/aborted|ignored/);
});

const addSendKey = defineStatement(
  'test_add_send_key',
  `INSERT INTO send_keys (owner_id, random_id, global_id, peer_id, msg_id, pts, pts_count, date) VALUES ($1, $2, 1, 1, 1, 1, 1, 1)`,
);

test('the last statements are committed with everything else, or fail with it', async () => {
  const send = (): Promise<void> =>
    db.transact('test', async (tx) => {
      const counters = await tx.lockCounters([10n]);
      counters.get(10n)!.pts += 1;
      tx.runLast(addSendKey, [10n, 5n]);
    });
  await send();
  await expect(send()).rejects.toMatchObject({ code: '23505' });
  expect(await readPts(10n)).toBe(2);
  const keys = await db.q.selectFrom('send_keys').select('random_id').where('owner_id', '=', 10n).execute();
  expect(keys).toEqual([{ random_id: 5n }]);
});

test('of the last statements those of a higher rank run later', async () => {
  const change = (name: string, to: string): Statement<unknown> => defineStatement(name, `UPDATE send_keys SET pts = ${to} WHERE owner_id = $1`);
  const [add, double] = [change('test_add_to_key', 'pts + 1'), change('test_double_key', 'pts * 2')];
  await db.transact('test', async (tx) => {
    await tx.run(addSendKey, [12n, 1n]);
    tx.runLast(double, [12n], 2);
    tx.runLast(add, [12n], 1);
    tx.runLast(double, [12n]);
  });
  expect(await db.q.selectFrom('send_keys').select('pts').where('owner_id', '=', 12n).execute()).toEqual([{ pts: 6 }]);
});

test('statements run in the order in which they were sent, without waiting for each other', async () => {
  await db.transact('test', async (tx) => {
    const [counters] = await Promise.all([tx.lockCounters([11n]), tx.run(addSendKey, [11n, 1n]), tx.run(addSendKey, [11n, 2n])]);
    counters.get(11n)!.pts += 1;
  });
  expect(await readPts(11n)).toBe(2);
});

test('locks are taken in one call, or in ascending order', async () => {
  await db.transact('test', async (tx) => {
    await tx.lockCounters([20n, 22n]);
    await tx.lockCounters([20n, 23n]);
    await expect(tx.lockCounters([21n])).rejects.toThrow('ascending');
  });
});

test('only locked counters are saved', async () => {
  await db.transact('test', async (tx) => {
    const counter = (await tx.lockCounters([24n])).get(24n)!;
    await expect(tx.saveCounters([{ ...counter, pts: 9 }])).rejects.toThrow('not locked');
  });
});

test('two transactions in a deadlock both succeed', async () => {
  await db.transact('test', async (tx) => void (await tx.lockCounters([30n, 31n])));
  let attempts = 0;
  const touch = (first: bigint, second: bigint): Promise<void> =>
    db.transact('circle', async (tx) => {
      attempts += 1;
      await tx.q.updateTable('counters').set({ qts: 1 }).where('owner_id', '=', first).execute();
      await tx.q.updateTable('counters').set({ qts: 1 }).where('owner_id', '=', second).execute();
    });
  for (let round = 0; attempts <= round * 2; round++) await Promise.all([touch(30n, 31n), touch(31n, 30n)]);
  expect(attempts).toBeGreaterThan(2);
});

test('a new epoch moves counters on before they are used', async () => {
  await using own = await testDatabase();
  const step = () =>
    own.transact('test', async (tx) => {
      const counter = (await tx.lockCounters([1n])).get(1n)!;
      counter.pts += 1;
      counter.qts += 1;
      counter.loose_seq += 1;
      counter.next_msg_id += 1;
      return { ...counter };
    });
  expect(await step()).toMatchObject({ pts: 2, qts: 1, loose_seq: 1, next_msg_id: 2, epoch: 1 });
  await own.q.updateTable('meta').set({ value: '2' }).where('key', '=', 'epoch').execute();
  expect(await step()).toMatchObject({ pts: 3 + EPOCH_JUMP, qts: 2 + EPOCH_JUMP, loose_seq: 2 + EPOCH_JUMP, next_msg_id: 3 + EPOCH_JUMP, epoch: 2 });
  expect(await step()).toMatchObject({ pts: 4 + EPOCH_JUMP, qts: 3 + EPOCH_JUMP, loose_seq: 3 + EPOCH_JUMP, next_msg_id: 4 + EPOCH_JUMP, epoch: 2 });
});

test('several reads see one snapshot', async () => {
  await addOne(db, 40n);
  const read = async (reads: { q: Database['q'] }) =>
    (await reads.q.selectFrom('counters').select('pts').where('owner_id', '=', 40n).executeTakeFirstOrThrow()).pts;
  const seen = await db.readRepeatable('test', async (reads) => {
    const before = await read(reads);
    await addOne(db, 40n);
    return [before, await read(reads)];
  });
  expect(seen[1]).toBe(seen[0]);
  expect(await readPts(40n)).toBe(seen[0]! + 1);
});

test.each<[CommitFate, number]>([
  ['lose-request', 2],
  ['lose-answer', 1],
])('a COMMIT whose connection breaks (%s) takes effect once', async (fate, expectedAttempts) => {
  await using proxy = await startCommitProxy(db.url);
  await using through = await open(proxy.url);
  const owner = fate === 'lose-request' ? 50n : 51n;
  await addOne(through, owner);
  proxy.fate = () => {
    proxy.fate = () => 'pass';
    return fate;
  };
  let attempts = 0;
  const callbacks: number[] = [];
  const pts = await through.transact('test', async (tx) => {
    attempts += 1;
    const attempt = attempts;
    const counter = (await tx.lockCounters([owner])).get(owner)!;
    counter.pts += 1;
    tx.afterCommit(() => void callbacks.push(attempt));
    return counter.pts;
  });
  expect({ pts, stored: await readPts(owner), attempts }).toEqual({ pts: 3, stored: 3, attempts: expectedAttempts });
  expect(callbacks).toEqual([expectedAttempts]);
});

test('a COMMIT that is still under way is waited for', async () => {
  await using proxy = await startCommitProxy(db.url);
  await using through = await open(proxy.url);
  await addOne(through, 52n);
  proxy.fate = () => {
    proxy.fate = () => 'pass';
    return 'late';
  };
  let attempts = 0;
  const adding = addOne(through, 52n, () => attempts++);
  await proxy.held();
  proxy.release();
  expect(await adding).toBe(3);
  expect({ stored: await readPts(52n), attempts }).toEqual({ stored: 3, attempts: 1 });
});

test('an inquiry that finds out nothing in 15 seconds ends with an error', async () => {
  await using proxy = await startCommitProxy(db.url);
  const clock = createFakeClock();
  await using through = await open(proxy.url, clock);
  await addOne(through, 53n);
  proxy.fate = () => {
    proxy.fate = () => 'pass';
    return 'late';
  };
  let outcome: unknown;
  const adding = addOne(through, 53n).catch((error: unknown) => (outcome = error));
  await proxy.held();
  // The inquiry waits for the lock of the transaction, whose end the proxy holds back.
  const waits = sql<{ n: bigint }>`SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  await expect.poll(async () => (await waits.execute(db.q)).rows[0]!.n, { interval: 10 }).toBe(1n);
  await clock.advance(14_900);
  expect(outcome).toBeUndefined();
  await clock.advance(200);
  await adding;
  expect(outcome).toBeInstanceOf(OutcomeUnknown);
  proxy.release();
});

test('a transaction whose connection is lost is not begun again when it has waited for ten seconds', async () => {
  const clock = createFakeClock();
  await using slow = await open(db.url, clock);
  const attemptsOf = async (ms: number): Promise<number> => {
    let attempts = 0;
    const running = slow.transact('test', async (tx) => {
      attempts += 1;
      await clock.advance(ms);
      if (attempts === 1) await sql`SELECT pg_terminate_backend(pg_backend_pid())`.execute(tx.q);
    });
    await running.catch((error: unknown) => expect(error).toBeInstanceOf(DatabaseUnavailable));
    return attempts;
  };
  expect([await attemptsOf(9_000), await attemptsOf(11_000)]).toEqual([2, 1]);
});

test('connections that break all the time at any point neither double nor lose anything', async () => {
  await using proxy = await startCommitProxy(db.url);
  await using through = await open(proxy.url);
  await addOne(through, 60n);
  const fates: CommitFate[] = ['pass', 'lose-answer', 'pass', 'lose-request', 'pass', 'pass', 'pass'];
  proxy.fate = () => fates[proxy.commits % fates.length]!;
  const killer = new pg.Client({ connectionString: db.url });
  await killer.connect();
  let isDone = false;
  const killing = (async () => {
    while (!isDone) {
      await killer.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'aerogram' ORDER BY random() LIMIT 1`);
      await new Promise((resolve) => setTimeout(resolve, 7));
    }
  })();
  const results: number[] = [];
  const failures: unknown[] = [];
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (let i = 0; i < 10; i++) await addOne(through, 60n).then((pts) => results.push(pts), (error) => failures.push(error));
    }),
  );
  isDone = true;
  await killing;
  await killer.end();
  expect(new Set(results).size).toBe(results.length);
  // Those given up after many attempts are known not to have been committed, unless the database could not even be asked (on a very busy machine).
  const unknown = failures.filter((error) => error instanceof OutcomeUnknown).length;
  const more = (await readPts(60n))! - 2 - results.length;
  expect(more).toBeGreaterThanOrEqual(0);
  expect(more).toBeLessThanOrEqual(unknown);
  expect(results.length + failures.length).toBe(160);
});
