import { randomBytes } from 'node:crypto';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readNodeDirectory } from '@aerogram/cdn';
import { WINDOW_BYTES } from '@aerogram/cdn-protocol';
import { createProgram } from '@aerogram/cli/program';
import { CdnNode, readMetrics, startCdnNodes } from '@aerogram/dev-env/load';
import type { tl } from '@mtcute/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Scenario, asGuest, startScenario } from './scenario.ts';

let scenario: Scenario;
let node: CdnNode;
beforeAll(async () => {
  [scenario, node] = await Promise.all([startScenario(), CdnNode.start('--memory', '96MB')]);
});
afterAll(async () => {
  await scenario?.[Symbol.asyncDispose]();
  await node?.[Symbol.asyncDispose]();
});

/** Runs `aerogram` for the server of these tests. */
async function run(...args: string[]): Promise<string> {
  const { databaseUrl, dataDir } = scenario.server;
  const lines: string[] = [];
  await createProgram({ AEROGRAM_DATABASE_URL: databaseUrl, AEROGRAM_DATA_DIR: dataDir }, (line) => void lines.push(line)).parseAsync(args, { from: 'user' });
  return lines.join('\n');
}

interface ListedNode {
  dc_id: number;
  id: string;
  alive: boolean;
  fault: string | null;
  secret_version: number;
  content: { windows: number; bytes: number } | null;
}

const list = async (): Promise<ListedNode[]> => JSON.parse(await run('cdn', 'list', '--json')) as ListedNode[];
const find = async (id: string): Promise<ListedNode | undefined> => (await list()).find((listed) => listed.id === id);

/** The entries for CDN nodes that a client gets. */
const cdnOptions = (): Promise<tl.RawDcOption[]> =>
  asGuest(scenario, async (guest) => (await guest.call({ _: 'help.getConfig' })).dcOptions.filter(({ cdn }) => cdn === true));
const cdnKeys = (): Promise<tl.RawCdnPublicKey[]> => asGuest(scenario, async (guest) => (await guest.call({ _: 'help.getCdnConfig' })).publicKeys);

test('a server without nodes has neither addresses nor keys of them', async () => {
  expect(await cdnOptions()).toEqual([]);
  expect(await cdnKeys()).toEqual([]);
  expect(await run('cdn', 'list')).toBe('there is no CDN node');
});

test('an added node is known at once: to clients, to the commands and in status', async () => {
  const alice = await scenario.world.user('Alice');
  const output = await run('cdn', 'add', node.dataDir, '--region', 'eu');
  expect(output).toMatch(/^added {6}DC 203, [0-9a-f]{16}\nstate {6}alive, last heard /);
  // Who is online reads the configuration again.
  await alice.main.seesUpdate('updateConfig');
  const { host, port } = node.info.client;
  expect(await cdnOptions()).toEqual([expect.objectContaining({ id: 203, cdn: true, ipAddress: host, port })]);
  expect(await cdnKeys()).toEqual([expect.objectContaining({ dcId: 203, publicKey: node.info.public_key.pem })]);
  expect(await find(node.info.id)).toMatchObject({ dc_id: 203, alive: true, fault: null, secret_version: 1, region: 'eu' });
  expect(await run('status')).toContain(`cdn        DC 203, ${node.info.id}, region eu, secret 1: alive, last heard`);
  expect(await health(node)).toMatchObject({ hears_origin: true });
  expect(await metrics()).toMatch(/^aerogram_cdn_nodes\{.*state="alive".*\} 1$/m);
});

test('the database has the secret of a node only in encrypted form', async () => {
  const { secret } = await readNodeDirectory(node.dataDir);
  const rows = await scenario.server.db.q.selectFrom('cdn_nodes').selectAll().execute();
  const stored = rows.map(({ wrapped_secret: wrapped }) => Buffer.from(wrapped!));
  expect(stored.map(({ length }) => length)).toEqual([69]);
  expect(stored[0]!.includes(Buffer.from(secret))).toBe(false);
});

test('the list says how much content a node has', async () => {
  expect(await find(node.info.id)).toMatchObject({ content: { windows: 0, bytes: 0 } });
  await node.pushWindow(randomBytes(16), 1, WINDOW_BYTES + 5, randomBytes(5));
  expect(await find(node.info.id)).toMatchObject({ content: { windows: 1, bytes: 131_072 } });
  expect(await run('cdn', 'list')).toMatch(/; 1 windows in 0\.1 MiB of memory$/);
});

test('an operator can give other addresses; names, and addresses that stand for all of a machine, are refused for clients', async () => {
  await run('cdn', 'add', node.dataDir, '--client-host', '192.0.2.7', '--client-port', '443');
  expect(await cdnOptions()).toEqual([expect.objectContaining({ id: 203, ipAddress: '192.0.2.7', port: 443 })]);
  for (const host of ['0.0.0.0', '::', 'cdn.example.org']) await expect(run('cdn', 'add', node.dataDir, '--client-host', host)).rejects.toThrow('IP address');
  await run('cdn', 'add', node.dataDir);
  expect(await cdnOptions()).toEqual([expect.objectContaining({ id: 203, ipAddress: node.info.client.host })]);
});

test('a node with another secret than the server was given is not alive, and says why', async () => {
  const copy = await mkdtemp(join(tmpdir(), 'aerogram-cdn-copy-'));
  await copyFile(join(node.dataDir, 'cdn.json'), join(copy, 'cdn.json'));
  await writeFile(join(copy, 'push.secret'), randomBytes(32).toString('hex'));
  expect(await run('cdn', 'add', copy)).toContain('away, never heard');
  expect(await find(node.info.id)).toMatchObject({ dc_id: 203, alive: false, secret_version: 2, fault: expect.stringContaining('secret') as string });
  expect(await run('cdn', 'add', node.dataDir)).toContain('alive');
  expect(await find(node.info.id)).toMatchObject({ alive: true, secret_version: 3, fault: null });
  await rm(copy, { recursive: true });
});

test('a node that went away says why, and is heard again when it is started again', async () => {
  await node.stop('SIGKILL');
  await expect.poll(() => find(node.info.id), { timeout: 30_000 }).toMatchObject({ fault: expect.stringContaining('cannot be reached') as string });
  expect(await find(node.info.id)).toMatchObject({ content: null });
  await node.restart('SIGKILL');
  expect(await health(node)).toMatchObject({ hears_origin: false });
  await expect.poll(() => health(node), { timeout: 30_000 }).toMatchObject({ hears_origin: true });
  await expect.poll(() => find(node.info.id), { timeout: 30_000 }).toMatchObject({ alive: true, fault: null });
});

test('a removed node disappears at once; its DC id stays its own', async () => {
  const others = await startCdnNodes(scenario.server, 2, { regions: ['us', 'asia'], args: ['--memory', '96MB'] });
  try {
    expect(others.dcs).toEqual([204, 205]);
    expect((await cdnOptions()).map(({ id }) => id)).toEqual([203, 204, 205]);
    await run('cdn', 'remove', '204');
    expect((await cdnOptions()).map(({ id }) => id)).toEqual([203, 205]);
    expect((await cdnKeys()).map(({ dcId }) => dcId)).toEqual([203, 205]);
    await run('cdn', 'remove', others.nodes[1]!.info.id);
    expect((await list()).map(({ dc_id: dc }) => dc)).toEqual([203]);
    await expect(run('cdn', 'remove', '205')).rejects.toThrow('there is no CDN node 205');
    expect(await run('cdn', 'add', others.nodes[1]!.dataDir)).toContain('DC 205');
    await using newcomer = await CdnNode.start('--memory', '96MB');
    expect(await run('cdn', 'add', newcomer.dataDir)).toContain('DC 206');
    for (const dc of ['205', '206']) await run('cdn', 'remove', dc);
  } finally {
    await others[Symbol.asyncDispose]();
  }
});

test('the server knows its nodes after a restart', async () => {
  await scenario.server.restart();
  expect((await cdnOptions()).map(({ id }) => id)).toEqual([203]);
});

const health = async (of: CdnNode): Promise<object> => JSON.parse(await of.get('/health')) as object;

const metrics = (): Promise<string> => readMetrics(scenario.server.info);
