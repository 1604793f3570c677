import { systemClock } from '@aerogram/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGroupCommitter, defineStatement } from '../../src/index.ts';
import { type CommittedTransaction, type TestDatabase, testDatabase, watchTransactions } from '../../testing/index.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db[Symbol.asyncDispose]());

const setMeta = defineStatement('test_watched_meta', `INSERT INTO meta (key, value) VALUES ('watched', $1) ON CONFLICT (key) DO UPDATE SET value = $1`);

test('tells what each committed transaction has locked and written, and nothing of others', async () => {
  const seen: CommittedTransaction[] = [];
  const watched = watchTransactions(db, (committed) => seen.push(committed));
  await watched.transact('change', async (tx) => {
    // The counters are missing at first, so the transaction runs twice.
    (await tx.lockCounters([5n, 4n])).get(4n)!.pts += 1;
    await tx.q.selectFrom('users').selectAll().execute();
    await tx.q.deleteFrom('web_pages').where('page_id', '=', 0n).execute();
    await tx.run(setMeta, ['a']);
    tx.runLast(defineStatement('test_watched_jobs', 'DELETE FROM leases'), []);
  });
  await expect(watched.transact('fail', async (tx) => {
    await tx.lockCounters([6n]);
    throw new Error('no');
  })).rejects.toThrow('no');
  expect(seen).toEqual([{ name: 'change', locked: new Set([4n, 5n]), written: new Set(['web_pages', 'meta', 'leases']), operations: undefined }]);
  const counter = await db.q.selectFrom('counters').select('pts').where('owner_id', '=', 4n).executeTakeFirstOrThrow();
  expect(counter.pts).toBe(2);
});

test('tells which operations a batch consisted of', async () => {
  const seen: CommittedTransaction[] = [];
  const committer = createGroupCommitter<bigint[], number>({
    name: 'batch',
    db: watchTransactions(db, (committed) => seen.push(committed)),
    clock: systemClock,
    laneOf: (owners) => owners[0]!,
    ownersOf: (owners) => owners,
    operationOf: (owners) => (owners.length > 1 ? 'tell' : 'keep'),
    run: async (tx, items) => {
      await tx.lockCounters(items.flat());
      return items.map((owners) => owners.length);
    },
  });
  expect(await Promise.all([committer.submit([11n]), committer.submit([12n, 13n])])).toEqual([1, 2]);
  expect(seen.map(({ name, locked, operations }) => ({ name, locked, operations }))).toEqual([
    { name: 'batch', locked: new Set([11n, 12n, 13n]), operations: [{ name: 'keep', owners: [11n] }, { name: 'tell', owners: [12n, 13n] }] },
  ]);
});
