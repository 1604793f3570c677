import { silentLogger, systemClock } from '@aerogram/runtime';
import { createJobRunner, type Database, defineJobKind, jsonCodec, Leases, openDatabase } from '@aerogram/storage';
import { lose, type StagedNode, stageNode, type TestDatabase, testDatabase } from '@aerogram/storage/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { leaseHolderOf } from '../../src/lease-holder.ts';

const BUCKETS = Array.from({ length: 256 }, (_, bucket) => bucket);

let db: TestDatabase;
const open: AsyncDisposable[] = [];
beforeEach(async () => {
  db = await testDatabase();
});
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
});

function own<T extends AsyncDisposable>(opened: T): T {
  open.push(opened);
  return opened;
}

/** A node that serves, with the database as it sees it and its leases. */
async function start(name: string): Promise<{ node: StagedNode; own: Database; leases: Leases }> {
  const node = own(await stageNode(db, name));
  await node.finish(node.lease.serve());
  const seen = own(await openDatabase({ url: db.url, poolSize: 2, log: silentLogger, clock: systemClock, incarnation: () => node.lease.incarnation }));
  const options = { db: seen, clock: node.clock, log: silentLogger, queue: 'jobs', buckets: BUCKETS, holder: leaseHolderOf(node.lease), keyOf: (bucket: number) => `bucket:jobs:${bucket}` };
  return { node, own: seen, leases: own(new Leases(options)) };
}

/** Renews the leases of nodes in turn. Twice, because a change of the members begins a renewal by itself, which may have read before. */
async function renewAll(nodes: readonly { leases: Leases }[]): Promise<void> {
  for (const { leases } of [...nodes, ...nodes]) await leases.renew();
}

test('three nodes share the buckets; what a killed one held is held by the others within 10 s', async () => {
  const first = await start('one');
  await first.leases.renew();
  expect(first.leases.held).toHaveLength(256);

  const [second, third] = [await start('two'), await start('three')];
  const all = [first, second, third];
  for (const { node } of all) await node.renew();
  for (let renewal = 0; renewal < 5; renewal++) for (const { leases } of all) await leases.renew();
  const shares = all.map(({ leases }) => leases.held.length);
  expect(shares.reduce((sum, share) => sum + share)).toBe(256);
  // A third is 85; the hash of so few keys spreads them no more evenly.
  for (const share of shares) expect(Math.abs(share - 85)).toBeLessThan(25);

  const startedMs = first.node.clock.monotonicMs();
  await lose(db, 'three', first.node);
  await second.node.renew();
  await renewAll([first, second]);
  expect(first.node.clock.monotonicMs() - startedMs).toBeLessThan(8_000);
  expect([...first.leases.held, ...second.leases.held].toSorted((a, b) => a - b)).toEqual(BUCKETS);

  await second.node.finish(second.node.lease.drain());
  await first.node.renew();
  await renewAll([second, first]);
  expect([first.leases.held.length, second.leases.held.length]).toEqual([256, 0]);
});

test('a frozen node that wakes ends no job', async () => {
  const [frozen, other] = [await start('one'), await start('two')];
  await frozen.node.renew();
  let run = (): void => undefined;
  const isRunning = new Promise<void>((resolve) => (run = resolve));
  let wake = (): void => undefined;
  const sleep = new Promise<void>((resolve) => (wake = resolve));
  const kind = defineJobKind<string>({
    kind: 'sleep',
    codec: jsonCodec(),
    async run() {
      run();
      await sleep;
    },
  });
  await frozen.leases.renew();
  const held = frozen.leases.held;
  const owner = BUCKETS.map(BigInt).find((id) => held.includes(Number(BigInt.asUintN(64, id * 0x9e37_79b9_7f4a_7c15n) >> 56n)))!;
  await db.transact('order', (tx) => tx.job(kind.order(owner, '')));
  const runner = createJobRunner({ db: frozen.own, clock: systemClock, log: silentLogger, holder: leaseHolderOf(frozen.node.lease), kinds: [kind] });
  runner.start();
  await isRunning;
  await lose(db, 'one', other.node);
  await other.leases.renew();
  wake();
  await runner.drain();
  expect(await db.q.selectFrom('jobs').select('attempts').execute()).toEqual([{ attempts: 1 }]);
  await runner[Symbol.asyncDispose]();
});
