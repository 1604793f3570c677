import { createMetrics, systemClock } from '@aerogram/runtime';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GroupCommitterOptions, StorageOverloaded, createGroupCommitter, defineStatement } from '../../src/index.ts';
import type { Tx } from '../../src/index.ts';
import { type TestDatabase, testDatabase } from '../../testing/index.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db[Symbol.asyncDispose]());

interface Send {
  from: bigint;
  to: bigint;
  randomId: bigint;
  isBad?: boolean;
}

interface Sent {
  msgId: number;
  pts: number;
}

const findKeys = defineStatement<{ owner_id: bigint; random_id: bigint; msg_id: number; pts: number }>(
  'test_find_keys',
  `SELECT k.owner_id, k.random_id, k.msg_id, k.pts FROM unnest($1::bigint[], $2::bigint[]) AS w (owner_id, random_id)
     JOIN send_keys k USING (owner_id, random_id)`,
);
const insertKeys = defineStatement(
  'test_insert_keys',
  `INSERT INTO send_keys (owner_id, random_id, global_id, peer_id, msg_id, pts, pts_count, date)
   SELECT f, r, r, t, m, p, 1, 0 FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::integer[], $5::integer[]) AS n (f, r, t, m, p)`,
);
const insertLog = defineStatement(
  'test_insert_log',
  `INSERT INTO update_log (owner_id, pts, pts_count, kind, payload, date)
   SELECT o, p, 1, 1, '\\x'::bytea, 0 FROM unnest($1::bigint[], $2::integer[]) AS n (o, p)`,
);

/** A send with the same steps as in the domain: locks, send keys, numbers, rows in both boxes. */
async function sendAll(tx: Tx, sends: readonly Send[]): Promise<Sent[]> {
  const counters = await tx.lockCounters(sends.flatMap((send) => [send.from, send.to]));
  const known = await tx.run(findKeys, [sends.map((send) => send.from), sends.map((send) => send.randomId)]);
  const results = new Map(known.rows.map((row) => [`${row.owner_id} ${row.random_id}`, { msgId: row.msg_id, pts: row.pts }]));
  const fresh: (Send & Sent)[] = [];
  const log: { owner: bigint; pts: number }[] = [];
  const answers = sends.map((send) => {
    if (send.isBad) throw new Error('bad item');
    const key = `${send.from} ${send.randomId}`;
    const repeated = results.get(key);
    if (repeated) return repeated;
    for (const owner of new Set([send.to, send.from])) {
      const counter = counters.get(owner)!;
      counter.pts += 1;
      counter.next_msg_id += 1;
      log.push({ owner, pts: counter.pts });
    }
    const sender = counters.get(send.from)!;
    const result = { msgId: sender.next_msg_id - 1, pts: sender.pts };
    results.set(key, result);
    fresh.push({ ...send, ...result });
    return result;
  });
  if (fresh.length > 0) {
    await tx.run(insertKeys, [
      fresh.map((row) => row.from),
      fresh.map((row) => row.randomId),
      fresh.map((row) => row.to),
      fresh.map((row) => row.msgId),
      fresh.map((row) => row.pts),
    ]);
    await tx.run(insertLog, [log.map((row) => row.owner), log.map((row) => row.pts)]);
  }
  return answers;
}

function committer(overrides: Partial<GroupCommitterOptions<Send, Sent>> = {}) {
  return createGroupCommitter<Send, Sent>({
    name: 'test-send',
    db,
    clock: systemClock,
    run: sendAll,
    laneOf: (send) => send.to,
    ownersOf: (send) => [send.from, send.to],
    ...overrides,
  });
}

/** Every number from 2 to the owner's pts is in the log exactly once. */
async function expectDense(owner: bigint, pts: number): Promise<void> {
  const counter = await db.q.selectFrom('counters').selectAll().where('owner_id', '=', owner).executeTakeFirstOrThrow();
  expect(counter).toMatchObject({ pts, next_msg_id: pts });
  const rows = await db.q.selectFrom('update_log').select('pts').where('owner_id', '=', owner).orderBy('pts').execute();
  expect(rows.map((row) => row.pts)).toEqual(Array.from({ length: pts - 1 }, (_, i) => i + 2));
}

let nextRandomId = 1n;
const send = (from: bigint, to: bigint): Send => ({ from, to, randomId: nextRandomId++ });

test('64 writers to one owner and to each other get numbers without gaps', async () => {
  await using one = committer({ concurrency: 4 });
  await using other = committer({ concurrency: 4 });
  const writers = Array.from({ length: 64 }, (_, i) => 100n + BigInt(i));
  const rounds = 10;
  const sent = await Promise.all(
    writers.map(async (writer, i) => {
      const results: Sent[] = [];
      // Two committers, as in two processes: their batches only meet in the database.
      const through = i % 2 === 0 ? one : other;
      for (let round = 0; round < rounds; round++) {
        results.push(await through.submit(send(writer, 50n)));
        results.push(await through.submit(send(writer, writers[(i + round + 1) % writers.length]!)));
      }
      return results;
    }),
  );
  for (const results of sent) {
    const pts = results.map((result) => result.pts);
    expect(pts).toEqual(pts.toSorted((a, b) => a - b));
  }
  await expectDense(50n, 1 + writers.length * rounds);
  for (const writer of writers) await expectDense(writer, 1 + rounds * 3);
});

test('an item that throws fails alone', async () => {
  await using group = committer();
  const items = Array.from({ length: 20 }, (_, i) => ({ ...send(200n, 201n + BigInt(i % 3)), isBad: i === 7 }));
  const outcomes = await Promise.allSettled(items.map((item) => group.submit(item)));
  expect(outcomes.map((outcome) => outcome.status === 'rejected')).toEqual(items.map((item) => item.isBad));
  await expectDense(200n, 20);
});

test('an item whose result is an error fails alone, without another transaction', async () => {
  let runs = 0;
  await using group = createGroupCommitter<number, string>({
    name: 'test-error-result',
    db,
    clock: systemClock,
    laneOf: BigInt,
    run: async (_tx, items) => {
      runs += 1;
      return items.map((item) => (item === 2 ? { error: new Error('refused') } : `ok ${item}`));
    },
  });
  const outcomes = await Promise.allSettled([1, 2, 3].map((item) => group.submit(item)));
  expect(outcomes).toMatchObject([{ value: 'ok 1' }, { reason: { message: 'refused' } }, { value: 'ok 3' }]);
  expect(runs).toBe(1);
});

test('a repeated random_id gets the first answer and no new number', async () => {
  await using group = committer();
  const first = send(300n, 301n);
  const results = await Promise.all([first, send(300n, 301n), first, first].map((item) => group.submit(item)));
  expect(results[2]).toEqual(results[0]);
  expect(results[3]).toEqual(results[0]);
  expect(await group.submit(first)).toEqual(results[0]);
  await expectDense(300n, 3);
  await expectDense(301n, 3);
});

test('batches have at most 128 items and 256 rows; a heavy item runs alone, at most two at a time', async () => {
  const batches: number[][] = [];
  let running = 0;
  let mostHeavy = 0;
  await using group = createGroupCommitter<number, number>({
    name: 'test-weights',
    db,
    clock: systemClock,
    weightOf: (weight) => weight,
    laneOf: (() => {
      let lane = 0n;
      return () => lane++;
    })(),
    run: async (tx, weights) => {
      batches.push([...weights]);
      const isHeavy = weights.some((weight) => weight > 64);
      if (isHeavy) mostHeavy = Math.max(mostHeavy, ++running);
      try {
        await tx.lockCounters([1n]);
      } finally {
        if (isHeavy) running -= 1;
      }
      return [...weights];
    },
  });
  const weights = [...Array.from({ length: 100 }, () => 1), ...Array.from({ length: 20 }, () => 60), ...Array.from({ length: 8 }, () => 200)];
  expect(await Promise.all(weights.map((weight) => group.submit(weight)))).toEqual(weights);
  for (const batch of batches) {
    expect(batch.length).toBeLessThanOrEqual(128);
    expect(batch.reduce((a, b) => a + b)).toBeLessThanOrEqual(256);
    expect(batch.length === 1 || Math.max(...batch) <= 64).toBe(true);
  }
  expect(mostHeavy).toBe(2);
});

test('the items of one lane are committed in order, one batch at a time', async () => {
  const order: number[] = [];
  let running = 0;
  await using group = createGroupCommitter<number, number>({
    name: 'test-order',
    db,
    clock: systemClock,
    concurrency: 4,
    maxItems: 3,
    laneOf: () => 1n,
    run: async (tx, items) => {
      expect(++running).toBe(1);
      try {
        await tx.lockCounters([BigInt(items[0]! % 2)]);
      } finally {
        running -= 1;
      }
      order.push(...items);
      return [...items];
    },
  });
  const items = Array.from({ length: 40 }, (_, i) => i);
  await Promise.all(items.map((item) => group.submit(item)));
  expect(order).toEqual(items);
});

test.each([true, false])('concurrent batches have no owner in common (owners given: %s)', async (areTold) => {
  const running = new Set<readonly Send[]>();
  let most = 0;
  await using group = committer({
    ownersOf: areTold ? (item) => [item.from, item.to] : undefined,
    run: async (tx, sends) => {
      running.add(sends);
      const owners = [...running].flatMap((batch) => [...new Set(batch.flatMap((item) => [item.from, item.to]))]);
      expect(new Set(owners).size).toBe(owners.length);
      most = Math.max(most, running.size);
      try {
        return await sendAll(tx, sends);
      } finally {
        running.delete(sends);
      }
    },
  });
  const sends = Array.from({ length: 400 }, (_, i) => send(900n + BigInt(i % 40), 900n + BigInt((i * 7 + 1) % 40)));
  await Promise.all(sends.filter((item) => item.from !== item.to).map((item) => group.submit(item)));
  expect(most).toBe(areTold ? 2 : 1);
});

test('items that wait for a hot owner soon wait alone', async () => {
  const hot = 400n;
  await using group = committer();
  await group.submit(send(401n, hot));
  // Another connection locks the owner's row now and then, as batches of other processes would.
  const holder = new pg.Client({ connectionString: db.url });
  await holder.connect();
  const hold = async (meanwhile: () => Promise<unknown>): Promise<void> => {
    await holder.query('BEGIN');
    await holder.query('SELECT 1 FROM counters WHERE owner_id = $1 FOR UPDATE', [hot]);
    try {
      await meanwhile();
    } finally {
      await holder.query('COMMIT');
    }
  };
  const waiting: Promise<unknown>[] = [];
  const waitForLock = async (): Promise<void> => {
    for (;;) {
      const { rows } = await holder.query<{ count: bigint }>(
        `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database() AND clock_timestamp() - state_change > '10 ms'`,
      );
      if (rows.length > 0) return;
    }
  };
  for (let round = 0n; round < 3n; round++) {
    await hold(async () => {
      waiting.push(group.submit(send(410n + round, hot)), group.submit(send(420n + round, 430n + round)));
      await waitForLock();
    });
    await Promise.all(waiting);
  }
  await hold(async () => {
    waiting.push(group.submit(send(402n, hot)));
    await waitForLock();
    // These would wait for the hot owner if they shared a transaction with it, or if it used up the ordinary concurrency.
    const others = Array.from({ length: 64 }, (_, i) => group.submit(send(440n + BigInt(i), 600n + BigInt(i))));
    expect(await Promise.all(others)).toHaveLength(64);
  });
  await Promise.all(waiting);
  await holder.end();
});

test('a full queue refuses items; draining accepts no more and finishes the accepted ones', async () => {
  const group = committer({ maxQueued: 2 });
  const taken = [group.submit(send(700n, 701n)), group.submit(send(700n, 701n))];
  await expect(group.submit(send(700n, 701n))).rejects.toThrow(StorageOverloaded);
  expect(group.pending).toBe(2);
  const drained = group.drain();
  await expect(group.submit(send(700n, 701n))).rejects.toThrow(StorageOverloaded);
  await drained;
  expect(group.pending).toBe(0);
  await Promise.all(taken);
  await expectDense(701n, 3);
});

test('batch sizes are counted', async () => {
  const metrics = createMetrics();
  await using counted = await testDatabase({ metrics });
  await using group = committer({ db: counted });
  await Promise.all(Array.from({ length: 10 }, (_, i) => group.submit(send(800n, 801n + BigInt(i)))));
  expect(await metrics.render()).toContain('aerogram_batch_items_sum{name="test-send"} 10');
});
