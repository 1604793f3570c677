import { afterEach, beforeEach, expect, test } from 'vitest';
import { doDrainNode, doRemoveNode, listNodes } from '../../src/index.ts';
import { type StagedNode, stageNode } from '../../testing/node-stage.ts';
import { type TestDatabase, testDatabase } from '../../testing/index.ts';

let db: TestDatabase;
let one: StagedNode;
let two: StagedNode;
beforeEach(async () => {
  db = await testDatabase();
  [one, two] = [await stageNode(db, 'one'), await stageNode(db, 'two')];
  for (const node of [one, two]) await node.finish(node.lease.serve());
});
afterEach(async () => {
  for (const node of [one, two]) await node[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
});

test('a node that is drained leaves the members, and learns of it', async () => {
  const before = two.lease.generation;
  expect(one.lease.isDraining).toBe(false);
  expect(await doDrainNode(db, 'one')).toBeUndefined();
  await one.renew();
  await two.renew();
  expect([one.lease.isDraining, two.lease.isDraining]).toEqual([true, false]);
  expect(two.lease.members.map(({ name }) => name)).toEqual(['two']);
  expect(two.lease.generation).toBe(before + 1);
  // The drained one still has its keys.
  expect(two.lease.isSettled).toBe(false);
  expect(await doDrainNode(db, 'one')).toBe('not serving');
  expect(await doDrainNode(db, 'two')).toBe('last');
});

test('of two nodes that are drained at once, one stays', async () => {
  const refusals = await Promise.all([doDrainNode(db, 'one'), doDrainNode(db, 'two')]);
  expect(refusals.toSorted()).toEqual(['last', undefined]);
});

test('a node is forgotten when it holds its row no more, and not before', async () => {
  expect(await doRemoveNode(db, 'one')).toBe(false);
  await one[Symbol.asyncDispose]();
  expect((await listNodes(db)).map(({ name, state, isHeld }) => [name, state, isHeld])).toEqual([['one', 'left', false], ['two', 'serving', true]]);
  expect(await doRemoveNode(db, 'one')).toBe(true);
  expect((await listNodes(db)).map(({ name }) => name)).toEqual(['two']);
});
