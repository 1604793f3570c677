import { ClockWatch, silentLogger, systemClock } from '@aerogram/runtime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DatabaseServed, Membership, type MembershipOptions, sql } from '../../src/index.ts';
import { type TestDatabase, testDatabase } from '../../testing/index.ts';
import { lose, runOut, type StagedNode, stageNode } from '../../testing/node-stage.ts';

let db: TestDatabase;
const open: AsyncDisposable[] = [];
beforeEach(async () => {
  db = await testDatabase();
});
afterEach(async () => {
  for (const node of open.splice(0)) await node[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
});

async function join(name: string, options: Partial<MembershipOptions> = {}): Promise<StagedNode> {
  const node = await stageNode(db, name, options);
  open.push(node);
  return node;
}

/** Joins nodes that serve, one after the other, and have all seen the last generation. */
async function serveAll(...names: string[]): Promise<StagedNode[]> {
  const nodes: StagedNode[] = [];
  for (const name of names) {
    const node = await join(name);
    await node.finish(node.lease.serve());
    nodes.push(node);
  }
  for (const node of nodes) await acknowledge(node);
  for (const node of nodes) await node.renew();
  return nodes;
}

/** Has a node see the newest generation, and say so. */
async function acknowledge(node: StagedNode): Promise<void> {
  await node.renew();
  node.lease.acknowledge(node.lease.generation);
  await node.renew();
}

const membersOf = ({ lease }: StagedNode): string[] => lease.members.map(({ name }) => name).toSorted();

describe('who may serve beside whom', () => {
  const take = (options: Partial<MembershipOptions>): Promise<unknown> =>
    Membership.take({ url: db.url, holder: 'new', host: 'here', clock: systemClock, watch: new ClockWatch(systemClock), log: silentLogger, ...options });

  /** What a start hears while a node or server renews its row all the time. */
  async function refusalOf(options: Partial<MembershipOptions>, beside: StagedNode): Promise<unknown> {
    const taking = take(options).catch((error: unknown) => error);
    let isOver = false;
    void taking.then(() => (isOver = true));
    while (!isOver) await beside.renew();
    return taking;
  }

  test('nodes of a cluster do; one that is not of it does not, with the reason', async () => {
    const [one, two] = await serveAll('one', 'two');
    expect([membersOf(one!), membersOf(two!)]).toEqual([['one', 'two'], ['one', 'two']]);
    expect(one!.lease.members.find(({ name }) => name === 'two')).toEqual({ name: 'two', token: two!.lease.token, linkAddress: '' });
    const refused = await refusalOf({}, one!);
    expect(refused).toBeInstanceOf(DatabaseServed);
    expect(String(refused)).toContain(`another server uses this database: process ${process.pid} on host-of-`);
  });

  test('a node is refused while a server serves that is not of a cluster', async () => {
    const alone = await join('one', { joins: false });
    const refused = await refusalOf({ joins: true }, alone);
    expect(String(refused)).toContain(`a server that belongs to no cluster uses this database: process ${process.pid} on host-of-one (server one)`);
  });

  test('a copy of a data directory is refused on another machine, and replaces a node that was killed on its own', async () => {
    const [one] = await serveAll('one');
    const copy = await refusalOf({ holder: 'one', joins: true }, one!);
    expect(String(copy)).toContain('another machine serves as this node: ');
    const again = await join('one');
    expect(again.lease.token).toBeGreaterThan(one!.lease.token);
    await one!.renew();
    expect((await one!.lease.lost).message).toContain('others serve in its place');
  });
});

describe('generations', () => {
  test('a member takes over keys when all who served before have seen the new generation', async () => {
    const [one] = await serveAll('one');
    expect(one!.lease.isSettled).toBe(true);
    const two = await join('two');
    await one!.renew();
    expect(membersOf(one!)).toEqual(['one']);
    const before = one!.lease.generation;
    let changes = 0;
    using _ = one!.lease.onChange(() => (changes += 1));
    await two.finish(two.lease.serve());
    expect([two.lease.generation, membersOf(two), two.lease.isSettled]).toEqual([before + 1, ['one', 'two'], false]);
    await one!.renew();
    expect([one!.lease.generation, changes]).toEqual([before + 1, 1]);
    await two.renew();
    expect(two.lease.isSettled).toBe(false);
    one!.lease.acknowledge(before + 1);
    await one!.renew();
    await two.renew();
    expect(two.lease.isSettled).toBe(true);
  });

  test('a node that drains is waited for in every later generation, until it has seen one or is lost', async () => {
    const [one, two] = await serveAll('one', 'two');
    await one!.finish(one!.lease.drain());
    const three = await join('three');
    await three.finish(three.lease.serve());
    await acknowledge(two!);
    await acknowledge(three);
    expect([membersOf(three), three.lease.isSettled]).toEqual([['three', 'two'], false]);
    await acknowledge(one!);
    await three.renew();
    expect(three.lease.isSettled).toBe(true);

    await two!.finish(two!.lease.drain());
    await lose(db, 'two', three);
    await acknowledge(three);
    expect([membersOf(three), three.lease.isSettled]).toEqual([['three'], true]);
  });

  test('a node that ends leaves the members at once', async () => {
    const [one, two] = await serveAll('one', 'two');
    await one!.lease[Symbol.asyncDispose]();
    await acknowledge(two!);
    expect([membersOf(two!), two!.lease.isSettled]).toEqual([['two'], true]);
  });

  test('a node that is started again belongs to the members only when it says so', async () => {
    const [one, two] = await serveAll('one', 'two');
    const again = await join('one');
    await two!.renew();
    expect([one!.lease.generation < two!.lease.generation, membersOf(two!)]).toEqual([true, ['two']]);
    await again.finish(again.lease.serve());
    await two!.renew();
    expect(two!.lease.members.find(({ name }) => name === 'one')?.token).toBe(again.lease.token);
  });
});

describe('a node that does not renew its lease', () => {
  test('loses it to the others, and stops', async () => {
    const [one, two, three] = await serveAll('one', 'two', 'three');
    await runOut(db, 'two');
    await one!.live(3_500);
    expect(membersOf(one!)).toEqual(['one', 'three', 'two']);
    await one!.live(500);
    await expect.poll(async () => (await one!.renew(), membersOf(one!)), { timeout: 10_000 }).toEqual(['one', 'three']);
    await three!.renew();
    expect(membersOf(three!)).toEqual(['one', 'three']);
    expect(two!.lease.mayAnswer()).toBe(true);
    await two!.renew();
    await expect(two!.finish(two!.lease.gate()!)).rejects.toThrow('others serve in its place');
    expect(two!.lease.mayAnswer()).toBe(false);
    await expect(two!.lease.raiseBarrier()).rejects.toThrow();
  });

  test('keeps it when it renews it before another takes it away', async () => {
    const [one, two] = await serveAll('one', 'two');
    await runOut(db, 'two');
    await one!.live(3_500);
    await two!.renew();
    await one!.live(3_000);
    expect([membersOf(one!), two!.lease.mayAnswer()]).toEqual([['one', 'two'], true]);
  });

  test("loses it also when the database's clock was set back, after a longer time", async () => {
    const [one] = await serveAll('one', 'two');
    await sql`UPDATE nodes SET until_ms = until_ms + 3600000 WHERE name = 'two'`.execute(db.q);
    await one!.live(12_000);
    expect(membersOf(one!)).toEqual(['one', 'two']);
    await one!.live(500);
    await expect.poll(async () => (await one!.renew(), membersOf(one!)), { timeout: 10_000 }).toEqual(['one']);
  });
});

describe('the barrier', () => {
  test('is passed when all nodes have dropped what they had read, or are lost', async () => {
    const [one, two] = await serveAll('one', 'two');
    let drops = 0;
    using _ = two!.lease.onBarrier(() => (drops += 1));
    let isPassed = false;
    const passing = one!.lease.raiseBarrier().then(() => (isPassed = true));
    await expect.poll(async () => (await two!.renew(), drops), { timeout: 10_000 }).toBe(1);
    expect(isPassed).toBe(false);
    await two!.renew();
    await one!.finish(passing);

    isPassed = false;
    const barrier = async (): Promise<number> => (await db.q.selectFrom('cluster').select('barrier').executeTakeFirstOrThrow()).barrier;
    const before = await barrier();
    const again = one!.lease.raiseBarrier().then(() => (isPassed = true));
    await expect.poll(barrier, { timeout: 10_000 }).toBe(before + 1);
    await one!.live(1_000);
    expect(isPassed).toBe(false);
    await lose(db, 'two', one!);
    await one!.finish(again);
  });

  test('of a server that is alone is passed at once', async () => {
    const alone = await join('one', { joins: false });
    await alone.lease.raiseBarrier();
    expect([alone.lease.isSettled, membersOf(alone)]).toEqual([true, ['one']]);
  });
});
