import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../src/testing.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db[Symbol.asyncDispose]());

test('counters begin at 1 and keep what is saved', async () => {
  const first = await db.transact('test', async (tx) => {
    const counters = await tx.lockCounters([7n, 3n]);
    const counter = counters.get(7n)!;
    expect(counter).toMatchObject({ owner_id: 7n, pts: 1, next_msg_id: 1, out_seq: 0n });
    counter.pts += 1;
    return counter.pts;
  });
  expect(first).toBe(2);
  const rows = await db.q.selectFrom('counters').selectAll().orderBy('owner_id').execute();
  expect(rows.map((row) => [row.owner_id, row.pts])).toEqual([
    [3n, 1],
    [7n, 2],
  ]);
});
