import { createFakeClock, seededRandom, silentLogger } from '@aerogram/runtime';
import { expect, test } from 'vitest';
import { bucketOf, createJobRunner, defineJobKind, jsonCodec, sql } from '../../src/index.ts';
import { ALL_BUCKETS, Leases } from '../../src/leases/leases.ts';
import { enterNode, MIGRATIONS, testDatabase } from '../../testing/index.ts';

const NAMES = ['one', 'two', 'three'];

test('two nodes never hold one bucket, whatever the order of changes, losses and renewals; the rows agree', async () => {
  await using db = await testDatabase();
  const random = seededRandom('leases');
  const clock = createFakeClock();
  let members = [...NAMES];
  const start = async (name: string) => {
    const { self } = await enterNode(db, name);
    const node = { name, self, isLost: false, tell: (): void => undefined };
    const holder = {
      self,
      mayWrite: () => !node.isLost,
      owns: (key: string) => members.length > 0 && members[Number(key) % members.length] === name,
      onChange(fn: () => void) {
        node.tell = fn;
        return { [Symbol.dispose]: () => undefined };
      },
    };
    return { ...node, node, leases: new Leases({ db, clock, log: silentLogger, queue: 'test', holder, buckets: ALL_BUCKETS, keyOf: String, isBusy: () => random.int63() % 5n === 0n }) };
  };
  const nodes = await Promise.all(NAMES.map(start));
  for (let step = 0; step < 150; step++) {
    const at = Number(random.int63() % 3n);
    const { name, node, leases, self } = nodes[at]!;
    const action = random.int63() % 10n;
    if (action === 0n) {
      members = members.includes(name) ? members.filter((member) => member !== name) : [...members, name];
      for (const each of nodes) each.node.tell();
    } else if (action === 1n) {
      // The process has stopped before its row is taken; another one begins.
      node.isLost = true;
      await db.q.updateTable('nodes').set({ token: 0n }).where('name', '=', name).where('token', '=', self.token).execute();
      nodes[at] = await start(name);
      await leases[Symbol.asyncDispose]();
    } else {
      const renewed = nodes.filter(() => random.int63() % 2n === 0n).map((each) => each.leases.renew());
      if (action > 5n) await Promise.all(renewed);
    }
    const held = nodes.flatMap((each) => [...each.leases.held]);
    expect(new Set(held).size).toBe(held.length);
  }
  members = [...NAMES];
  for (const { node } of nodes) node.tell();
  for (let renewal = 0; renewal < 12; renewal++) for (const { leases } of nodes) await leases.renew();
  const rows = await db.q.selectFrom('leases').select(['bucket', 'holder_token']).execute();
  for (const { leases, self } of nodes) {
    expect(leases.held.length).toBeGreaterThan(80);
    expect(leases.held.toSorted((a, b) => a - b)).toEqual(rows.filter((row) => row.holder_token === self.token).map(({ bucket }) => bucket).toSorted((a, b) => a - b));
  }
  for (const { leases } of nodes) await leases[Symbol.asyncDispose]();
});

test('who holds no row of a node holds nothing at once, and gets nothing', async () => {
  await using db = await testDatabase();
  const holder = await enterNode(db, 'one');
  let mayWrite = true;
  await using leases = new Leases({ db, clock: createFakeClock(), log: silentLogger, queue: 'test', holder: { ...holder, mayWrite: () => mayWrite }, buckets: ALL_BUCKETS, keyOf: String });
  await leases.renew();
  expect(leases.held).toHaveLength(256);
  mayWrite = false;
  expect([leases.held, leases.holds(3)]).toEqual([[], false]);
});

test('jobs of before there were 256 buckets get theirs', async () => {
  await using db = await testDatabase();
  const owners = [0n, 1n, 17n, 777_000n, 2n ** 62n + 5n, -1n, -1_000_000_000_005n];
  for (const owner of owners) await db.transact('order', (tx) => tx.job({ kind: 'any', owner_id: owner, payload: new Uint8Array() }));
  await db.q.updateTable('jobs').set({ bucket: 0 }).execute();
  await sql.raw(MIGRATIONS.find(({ subject }) => subject === 'shared leases')!.statements.at(-1)!).execute(db.q);
  const rows = await db.q.selectFrom('jobs').select(['owner_id', 'bucket']).execute();
  expect(rows).toHaveLength(owners.length);
  for (const { owner_id: owner, bucket } of rows) expect(bucket).toBe(bucketOf(owner));
});

test('a job whose bucket another node holds is not ended, although nobody has taken the job', async () => {
  await using db = await testDatabase();
  const [holder, other] = [await enterNode(db, 'one'), await enterNode(db, 'two')];
  let isMoved = true;
  let refused: unknown;
  const kind = defineJobKind<string>({
    kind: 'moving',
    codec: jsonCodec(),
    async run(_payload, context) {
      if (isMoved) await sql`UPDATE leases SET holder_token = ${other.self.token}, token = token + 1 WHERE queue = 'jobs'`.execute(db.q);
      await db.transact('end', (tx) => context.done(tx)).catch((error: unknown) => (refused = error));
    },
  });
  await db.transact('order', (tx) => tx.job(kind.order(3n, '')));
  const run = async (): Promise<void> => {
    await using runner = createJobRunner({ db, clock: createFakeClock(Date.now() + 60_000), log: silentLogger, holder, kinds: [kind] });
    runner.start();
    while ((await db.q.selectFrom('jobs').select('attempts').where('attempts', '=', 0).execute()).length > 0) await new Promise(setImmediate);
    await runner.drain();
  };
  await run();
  expect(refused).toMatchObject({ message: 'another node has taken the job over' });
  expect(await db.q.selectFrom('jobs').select('attempts').execute()).toEqual([{ attempts: 1 }]);

  isMoved = false;
  await sql`UPDATE leases SET holder_token = 0`.execute(db.q);
  await sql`UPDATE jobs SET attempts = 0`.execute(db.q);
  await run();
  expect(await db.q.selectFrom('jobs').select('attempts').execute()).toEqual([]);
});
