import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homeDcOf } from '@aerogram/cluster';
import { World } from '@aerogram/dev-env';
import { type HomeProcesses, type ServerInfo, startHomeProcesses, startServerProcess } from '@aerogram/dev-env/load';
import { afterAll, beforeAll, expect, test } from 'vitest';

let root: string;
let homes: HomeProcesses;
let first: ServerInfo[];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'aerogram-dcs-'));
  homes = await startHomeProcesses(2, { root });
  first = [homes.infoOf(1), homes.infoOf(2)];
});
afterAll(async () => {
  await homes?.[Symbol.asyncDispose]();
  if (root !== undefined) await rm(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

const addressesOf = ({ mtproto, http, link }: ServerInfo): unknown => ({ mtproto, http, link });

/** The numbers and ports of the DCs that a new account of a server is told. */
async function listDcs(info: ServerInfo): Promise<{ id: number; port: number }[]> {
  await using world = new World({ info });
  const ada = await world.user('Ada', {}, { phone: `99966${info.dc_id}0001`, code: String(info.dc_id).repeat(5) });
  expect(homeDcOf(BigInt(ada.id))).toBe(info.dc_id);
  const { dcOptions: options } = await ada.devices[0]!.call({ _: 'help.getConfig' });
  return options.map(({ id, port }) => ({ id, port })).sort((a, b) => a.id - b.id);
}

test('each data centre has a process, ports and a directory of its own, and all have the same key', () => {
  expect(first.map(({ dc_id }) => dc_id)).toEqual([1, 2]);
  expect(first[0]!.public_keys).toEqual(first[1]!.public_keys);
  expect(first[0]!.pid).not.toBe(first[1]!.pid);
  const ports = first.flatMap(({ mtproto, http, link }) => [mtproto.port, http.port, link!.port]);
  expect(new Set(ports).size).toBe(6);
  for (const dc of [1, 2]) expect(existsSync(join(homes.dirOf(dc), 'node-id'))).toBe(true);
});

test('people sign up where they connect, and are told where the other data centre is', async () => {
  const expected = first.map(({ dc_id: id, mtproto: { port } }) => ({ id, port }));
  for (const info of first) await expect.poll(() => listDcs(info), { timeout: 30_000 }).toEqual(expected);
});

test('one that is killed stays down, the other goes on, and it starts alone on its old ports', async () => {
  homes.kill(1);
  await expect.poll(() => homes.output).toContain('data centre 1 has ended (SIGKILL) and stays down');
  expect((await fetch(`http://127.0.0.1:${first[1]!.http.port}/readyz`)).status).toBe(200);
  await expect(fetch(`http://127.0.0.1:${first[0]!.http.port}/readyz`)).rejects.toThrow();

  await using alone = await startServerProcess({ dataDir: homes.dirOf(1) });
  expect(addressesOf(alone.info)).toEqual(addressesOf(first[0]!));
  expect(alone.info.dc_id).toBe(1);
  expect(await alone.stop()).toBe(0);
});

test('the process that started them ends them, and starts them again as they were', async () => {
  expect(await homes.stop()).toBe(0);
  for (const dc of [1, 2]) expect(existsSync(join(homes.dirOf(dc), 'server.json')), `server.json of ${dc}`).toBe(false);
  homes = await startHomeProcesses(2, { root });
  expect([homes.infoOf(1), homes.infoOf(2)].map(addressesOf)).toEqual(first.map(addressesOf));
  // Nothing stops them in order when the process that started them is killed, so they do it themselves.
  await homes.stop('SIGKILL');
  await expect.poll(() => [1, 2].filter((dc) => existsSync(join(homes.dirOf(dc), 'server.json'))), { timeout: 30_000 }).toEqual([]);
});
