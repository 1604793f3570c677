import { afterAll, beforeAll, expect, test } from 'vitest';
import { defineStatement } from '../../src/index.ts';
import { type TestDatabase, testDatabase } from '../../testing/index.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db[Symbol.asyncDispose]());

const one = defineStatement<{ n: number }>('test_one', 'SELECT $1::integer AS n');
const divide = defineStatement<{ n: number }>('test_divide', 'SELECT 10 / $1::integer AS n');
const lists = defineStatement<Record<string, unknown>>(
  'test_lists',
  `SELECT a, b, c, d, encode(e, 'hex') AS e, f
     FROM unnest($1::bigint[], $2::integer[], $3::smallint[], $4::text[], $5::bytea[], $6::boolean[]) AS n (a, b, c, d, e, f)`,
);
const untyped = defineStatement('test_untyped', 'SELECT $1');

test('arrays of every type arrive as they were sent, including nulls', async () => {
  const { rows } = await db.run(lists, [
    [1n, -(1n << 63n), null, (1n << 63n) - 1n],
    [1, -2147483648, 2147483647, null],
    [null, -32768, 32767, 0],
    ['', 'привет "quoted" {a,b} \\ \'', null, '🙂'],
    [Uint8Array.of(), null, Uint8Array.of(0, 255), Buffer.from('bytes')],
    [true, false, null, true],
  ]);
  expect(rows).toEqual([
    { a: 1n, b: 1, c: null, d: '', e: '', f: true },
    { a: -(1n << 63n), b: -2147483648, c: -32768, d: 'привет "quoted" {a,b} \\ \'', e: null, f: false },
    { a: null, b: 2147483647, c: 32767, d: null, e: '00ff', f: null },
    { a: (1n << 63n) - 1n, b: null, c: 0, d: '🙂', e: '6279746573', f: true },
  ]);
  expect((await db.run(lists, [[], [], [], [], [], []])).rows).toEqual([]);
  const long = Array.from({ length: 20_000 }, (_, i) => `text ${i} ${'ж'.repeat(i % 50)}`);
  const none = long.map(() => null);
  expect((await db.run(lists, [none, none, none, long, none, none])).rows.map(({ d }) => d)).toEqual(long);
});

test('in a batch, statements before a failure stand, later ones fail with the same error, and the connection stays usable', async () => {
  await db.transact('test', async (tx) => {
    const [first, second, failed, last] = await Promise.allSettled([tx.run(one, [1]), tx.run(one, [2]), tx.run(divide, [0]), tx.run(one, [3])]);
    expect([first, second].map((settled) => (settled as PromiseFulfilledResult<{ rows: unknown[] }>).value.rows)).toEqual([[{ n: 1 }], [{ n: 2 }]]);
    for (const settled of [failed, last]) expect(settled).toMatchObject({ status: 'rejected', reason: { message: 'division by zero' } });
    throw new Error('rolled back');
  }).catch((error: unknown) => expect(error).toMatchObject({ message: 'rolled back' }));
  expect((await Promise.all([4, 5, 6].map((n) => db.run(divide, [n])))).map(({ rows }) => rows)).toEqual([[{ n: 2 }], [{ n: 2 }], [{ n: 1 }]]);
});

test('a value that cannot be encoded is refused, and nothing of its batch is sent', async () => {
  await expect(db.run(untyped, [[1n]])).rejects.toThrow('test_untyped does not say of what type a list is');
  expect((await db.run(one, [7])).rows).toEqual([{ n: 7 }]);
});
