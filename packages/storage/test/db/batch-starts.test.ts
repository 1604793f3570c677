// Tests when a group committer starts a batch: all running batches are held until the test releases them.
import { systemClock } from '@aerogram/runtime';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createGroupCommitter, type GroupCommitter, type GroupCommitterOptions } from '../../src/index.ts';
import { type TestDatabase, testDatabase } from '../../testing/index.ts';

let db: TestDatabase;
/** Number of items in each batch that was started. */
let batches: number[];
let held: (() => void)[];
let next = 1n;
beforeAll(async () => {
  db = await testDatabase();
});
beforeEach(() => {
  batches = [];
  held = [];
});
afterAll(() => db[Symbol.asyncDispose]());

type Group = GroupCommitter<bigint, bigint>;

function create(options: Partial<GroupCommitterOptions<bigint, bigint>>): Group {
  return createGroupCommitter({
    name: 'test-starts',
    db,
    clock: systemClock,
    patienceMs: 3_600_000,
    laneOf: (owner) => owner,
    ownersOf: (owner) => [owner],
    run: async (_tx, owners) => {
      batches.push(owners.length);
      await new Promise<void>((resolve) => held.push(resolve));
      return owners;
    },
    ...options,
  });
}

const submit = (group: Group, count: number): Promise<bigint[]> => Promise.all(Array.from({ length: count }, () => group.submit(next++)));
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

/** Waits until this many batches run. */
async function running(count: number): Promise<void> {
  while (held.length < count) await turn();
}

/** Lets all running batches commit. */
async function letGo(...submitted: Promise<unknown>[]): Promise<void> {
  for (const go of held.splice(0)) go();
  await Promise.all(submitted);
}

test('beside a small batch, one with twice as many items is started', async () => {
  await using group = create({});
  const items = [submit(group, 1)];
  await running(1);
  items.push(submit(group, 1));
  await turn();
  expect(batches).toEqual([1]);
  items.push(submit(group, 1));
  await running(2);
  expect(batches).toEqual([1, 2]);
  await letGo(...items);

  const more = [submit(group, 40)];
  await running(1);
  more.push(submit(group, 3));
  await turn();
  expect(batches).toEqual([1, 2, 40]);
  more.push(submit(group, 77));
  await running(2);
  expect(batches).toEqual([1, 2, 40, 80]);
  await letGo(...more);
});

test('beside any batch a full one is started, and beside a slow batch any', async () => {
  await using hasty = create({ patienceMs: 1 });
  const hanging = [hasty.submit(next++)];
  await running(1);
  hanging.push(hasty.submit(next++));
  await running(2);
  expect(batches).toEqual([1, 1]);
  await letGo(...hanging);

  await using narrow = create({ maxItems: 4 });
  const full = [submit(narrow, 3)];
  await running(1);
  full.push(submit(narrow, 4));
  await running(2);
  expect(batches).toEqual([1, 1, 3, 4]);
  await letGo(...full);
});

test('with restMs set, no batch starts beside another or too early, unless it is full or the committer is draining', async () => {
  await using group = create({ maxItems: 4, restMs: 3_600_000 });
  const first = submit(group, 1);
  await running(1);
  const second = [submit(group, 3)];
  await turn();
  expect(batches, 'not beside').toEqual([1]);
  await letGo(first);
  await turn();
  expect(batches, 'not after it either').toEqual([1]);
  second.push(submit(group, 1));
  await running(1);
  await letGo(...second);
  expect(batches, 'full').toEqual([1, 4]);
  const last = submit(group, 2);
  await turn();
  expect(batches).toEqual([1, 4]);
  const drained = group.drain();
  await running(1);
  await letGo(last, drained);
  expect(batches).toEqual([1, 4, 2]);
});

test('after the rest, a batch starts at once', async () => {
  await using group = create({ restMs: 1 });
  for (const expected of [[1], [1, 1]]) {
    const one = group.submit(next++);
    await running(1);
    await letGo(one);
    expect(batches).toEqual(expected);
  }
});
