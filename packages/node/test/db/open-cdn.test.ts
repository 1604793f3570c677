import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { MasterKeys } from '@aerogram/blob';
import { type Bus, createInProcessBus } from '@aerogram/bus';
import type { CdnRevocations } from '@aerogram/cdn-origin';
import { deriveNodeKeys } from '@aerogram/cdn-protocol';
import { doAddCdnNode, doRemoveCdnNode, listCdnNodes, type NewCdnNode, saveCdnNodeState } from '@aerogram/domain';
import { createFakeClock, createMetrics, silentLogger, systemRandom } from '@aerogram/runtime';
import { type TestDatabase, testDatabase } from '@aerogram/storage/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ServedCdn } from '../../src/open-cdn.ts';

/** No file has to be forgotten. */
const NO_REVOCATIONS: CdnRevocations = {
  doMarkToForget: () => Promise.resolve(),
  listToForget: () => Promise.resolve([]),
  doNoteForgotten: () => Promise.resolve(),
};

let db: TestDatabase;
let clock = createFakeClock();
let masterKeys: Uint8Array[];
let keys: MasterKeys;
const served: AsyncDisposable[] = [];
beforeEach(async () => {
  db = await testDatabase();
  clock = createFakeClock();
  masterKeys = [randomBytes(32)];
  keys = await MasterKeys.open({ description: 'the test', read: () => Promise.resolve(masterKeys) }, systemRandom, clock);
});
afterEach(async () => {
  for (const each of served.splice(0).toReversed()) await each[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
});

const PEM = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'pkcs1', format: 'pem' }) as string;

/** A node whose id is this number. Nothing listens on its private port. */
function newNode(id: number, change: Partial<NewCdnNode> = {}): NewCdnNode {
  return { id: id.toString(16).padStart(16, '0'), client: { host: '192.0.2.1', port: 443 }, push: { host: '127.0.0.1', port: 1 }, publicKey: { pem: PEM, fingerprint: String(id) }, region: 'eu', ...change };
}

const add = (id: number, secret: Uint8Array = randomBytes(32)): ReturnType<typeof doAddCdnNode> => doAddCdnNode({ db, keys, clock }, newNode(id), secret);
const remove = (id: number): ReturnType<typeof doRemoveCdnNode> => doRemoveCdnNode({ db, clock }, newNode(id).id);

/** One process of the server. */
async function open(bus: Bus = createInProcessBus()): Promise<ServedCdn> {
  const cdn = await ServedCdn.open({ db, bus, keys, clock, random: systemRandom, log: silentLogger, metrics: createMetrics() });
  served.push(cdn);
  return cdn;
}

const dcsOf = ({ nodes }: ServedCdn): number[] => nodes.list().map(({ dc }) => dc);
const isKnown = async (): Promise<boolean> => (await db.q.selectFrom('cdn_nodes').selectAll().execute()).every((row) => row.known_revision === row.revision);

test('nodes that are added at once get different DC ids', async () => {
  const changes = await Promise.all([1, 2, 3, 4, 5, 6].map((id) => add(id)));
  expect(changes.map(({ dc_id: dc }) => dc).toSorted((a, b) => a - b)).toEqual([203, 204, 205, 206, 207, 208]);
});

test('the DC id of a removed node is given to no other key, and to its own again', async () => {
  await add(1);
  await add(2);
  expect(await remove(2)).toMatchObject({ dc_id: 204, revision: 2 });
  expect(await remove(2)).toBeUndefined();
  expect(await add(3)).toMatchObject({ dc_id: 205 });
  expect(await add(2)).toMatchObject({ dc_id: 204, revision: 3 });
  expect((await listCdnNodes(db)).map(({ dc_id: dc }) => dc)).toEqual([203, 204, 205]);
});

test('a removed node leaves no secret behind', async () => {
  await add(1);
  await remove(1);
  expect(await db.q.selectFrom('cdn_nodes').select('wrapped_secret').execute()).toEqual([{ wrapped_secret: null }]);
});

test('the version of a secret grows only with another secret', async () => {
  const secret = randomBytes(32);
  const version = async (): Promise<number> => (await listCdnNodes(db))[0]!.secret_version;
  await add(1, secret);
  await add(1, secret);
  expect(await version()).toBe(1);
  await add(1);
  expect(await version()).toBe(2);
});

test.each<[string, Partial<NewCdnNode>]>([
  ['a name for clients', { client: { host: 'cdn.example.org', port: 443 } }],
  ['the address of every machine for clients', { client: { host: '0.0.0.0', port: 443 } }],
  ['no port', { client: { host: '192.0.2.1', port: 0 } }],
  ['a private port on every address', { push: { host: '::', port: 1 } }],
  ['a host with a path', { push: { host: 'host/path', port: 1 } }],
  ['a region with a line break', { region: 'eu\nus' }],
  ['a key that is none', { publicKey: { pem: 'x', fingerprint: '1' } }],
  ['the id of another key', { publicKey: { pem: PEM, fingerprint: '2' } }],
])('a node with %s is refused', async (_what, change) => {
  await expect(doAddCdnNode({ db, keys, clock }, newNode(1, change), randomBytes(32))).rejects.toThrow(/\w/);
  await expect(doAddCdnNode({ db, keys, clock }, newNode(1), randomBytes(31))).rejects.toThrow('32 bytes');
  expect(await listCdnNodes(db)).toEqual([]);
});

test('a process knows nodes from its start on, and changes after two seconds without any hint', async () => {
  const secret = randomBytes(32);
  await add(1, secret);
  const cdn = await open();
  expect(cdn.nodes.list()).toEqual([
    { dc: 203, id: newNode(1).id, client: newNode(1).client, push: newNode(1).push, publicKey: newNode(1).publicKey, region: 'eu', keys: deriveNodeKeys(secret) },
  ]);
  await add(2);
  await clock.advance(2000);
  await expect.poll(() => dcsOf(cdn)).toEqual([203, 204]);
  await remove(1);
  await clock.advance(2000);
  await expect.poll(() => dcsOf(cdn)).toEqual([204]);
  // Only the process that leads confirms to operators.
  expect(await isKnown()).toBe(false);
});

test('the process that leads confirms changes, and gives the others a hint', async () => {
  const bus = createInProcessBus();
  const hinted: unknown[] = [];
  using _hints = bus.subscribe('cdn-nodes', (hint) => void hinted.push(hint));
  const cdn = await open(bus);
  served.push(cdn.lead(NO_REVOCATIONS, () => true));
  await add(1);
  await clock.advance(2000);
  await expect.poll(isKnown).toBe(true);
  expect(hinted).toContain('changed');
  await remove(1);
  await clock.advance(2000);
  await expect.poll(isKnown).toBe(true);
  expect(dcsOf(cdn)).toEqual([]);
});

test('why a node cannot be told that the server is there is in its row, with the time since when', async () => {
  await add(1);
  const since = clock.now();
  const cdn = await open();
  served.push(cdn.lead(NO_REVOCATIONS, () => true));
  const state = async (): Promise<object> => (await listCdnNodes(db))[0]!;
  await expect.poll(state).toMatchObject({ heard_date: null, failing_date: since, fault: '127.0.0.1:1 cannot be reached: ECONNREFUSED' });
  await clock.advance(10_000);
  await expect.poll(state).toMatchObject({ failing_date: since });
  expect(cdn.nodes.choose(undefined)).toBeUndefined();
});

test('what came of speaking to a node is not noted after an operator has changed it', async () => {
  const change = await add(1);
  await add(1);
  await db.transact('test', (tx) => saveCdnNodeState(tx, { ...change, fault: undefined }, clock.now()));
  expect((await listCdnNodes(db))[0]).toMatchObject({ heard_date: null });
});

test('secrets are encrypted with the new master key after a rotation', async () => {
  await add(1);
  const cdn = await open();
  served.push(cdn.lead(NO_REVOCATIONS, () => true));
  masterKeys = [randomBytes(32), ...masterKeys];
  await keys.reload();
  await clock.advance(2000);
  await expect.poll(async () => keys.isCurrent((await listCdnNodes(db))[0]!.wrapped_secret!)).toBe(true);
  masterKeys = [masterKeys[0]!];
  await keys.reload();
  expect(dcsOf(await open())).toEqual([203]);
});

test('a node whose master key is lost is left out; the others are used', async () => {
  await add(1);
  masterKeys = [randomBytes(32)];
  await keys.reload();
  await add(2);
  const cdn = await open();
  expect(dcsOf(cdn)).toEqual([204]);
  await add(1);
  await clock.advance(2000);
  await expect.poll(() => dcsOf(cdn)).toEqual([203, 204]);
});
