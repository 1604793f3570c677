import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homeDcOf } from '@aerogram/cluster';
import { createProgram } from '@aerogram/cli/program';
import { startTestHomes, type TestHomes, type TestServer, World } from '@aerogram/dev-env';
import { afterAll, beforeAll, expect, test } from 'vitest';

let homes: TestHomes;
beforeAll(async () => {
  homes = await startTestHomes();
});
afterAll(() => homes?.[Symbol.asyncDispose]());

/** Runs a command on the database of a server. */
async function run({ dataDir, databaseUrl }: TestServer, ...args: string[]): Promise<string> {
  const lines: string[] = [];
  const env = { AEROGRAM_DATA_DIR: dataDir, AEROGRAM_DATABASE_URL: databaseUrl };
  await createProgram(env, (line) => void lines.push(line)).parseAsync(args, { from: 'user' });
  return lines.join('\n');
}

const statesOf = async (server: TestServer): Promise<string[]> => (JSON.parse(await run(server, 'dc', 'list', '--json')) as { dc: number; state: string }[]).map(({ dc, state }) => `${dc} ${state}`);

const addressesOf = ({ info: { mtproto, link, http } }: TestServer): unknown => ({ client_port: mtproto.port, link_port: link!.port, web_address: `http://127.0.0.1:${http.port}` });

test('each server plays one data centre, and both know where the other is', async () => {
  for (const [dc, server, other] of [[1, homes.one, homes.two], [2, homes.two, homes.one]] as const) {
    await using world = new World(server);
    const ada = await world.user('Ada', {}, { phone: `99966${dc}0001`, code: String(dc).repeat(5) });
    expect(homeDcOf(BigInt(ada.id))).toBe(dc);
    const listDcs = async (): Promise<unknown> => {
      const { thisDc, dcOptions } = await ada.main.call({ _: 'help.getConfig' });
      expect(thisDc).toBe(dc);
      return dcOptions.map(({ id, port }) => ({ id, port }));
    };
    await expect.poll(listDcs).toEqual([{ id: dc, port: server.info.mtproto.port }, { id: 3 - dc, port: other.info.mtproto.port }]);
    const row = await server.db.q.selectFrom('homes').select(['client_port', 'link_port', 'web_address']).where('dc', '=', 3 - dc).executeTakeFirstOrThrow();
    expect(row).toEqual(addressesOf(other));
  }
});

test('a data centre counts those of the other one of whom it keeps a card', async () => {
  const { http } = homes.one.info;
  const counts = async (): Promise<unknown> => {
    const links = JSON.parse(await run(homes.one, 'dc', 'list', '--json')) as { dc: number; cards: number }[];
    return links.map(({ dc, cards }) => ({ dc, cards }));
  };
  expect(await counts()).toEqual([{ dc: 2, cards: 0 }]);
  await using here = new World(homes.one);
  await using there = new World(homes.two);
  const ada = await here.user('Ada', {}, { phone: '9996610011', code: '11111' });
  const ben = await there.user('Ben', {}, { phone: '9996620011', code: '22222' });
  await homes.settled();
  await ada.meet(ben);
  expect(await counts()).toEqual([{ dc: 2, cards: 1 }]);
  expect(await (await fetch(`http://127.0.0.1:${http.port}/metrics`)).text()).toContain('aerogram_cards{dc="2"} 1\n');
});

test('a running server does what the commands say about its links', async () => {
  expect(await statesOf(homes.one)).toEqual(['2 up']);
  expect(await run(homes.two, 'dc', 'pause', '1')).toContain('sees it within a second');
  expect(await statesOf(homes.two)).toEqual(['1 paused']);
  await expect.poll(() => statesOf(homes.one), { timeout: 10_000 }).toEqual(['2 down']);
  await run(homes.two, 'dc', 'resume', '1');
  await expect.poll(() => statesOf(homes.two), { timeout: 10_000 }).toEqual(['1 up']);
  await expect.poll(() => statesOf(homes.one), { timeout: 10_000 }).toEqual(['2 up']);

  await homes.cut();
  await expect.poll(() => statesOf(homes.two), { timeout: 10_000 }).toEqual(['1 down']);
  await homes.mend();
  expect(await statesOf(homes.two)).toEqual(['1 up']);
});

test('the server of a data centre does not become another one while it runs', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'aerogram-ticket-'));
  try {
    await run(homes.one, 'dc', 'ticket', '3', join(folder, 'ticket.json'));
    await expect(run(homes.two, 'dc', 'join', join(folder, 'ticket.json'))).rejects.toThrow('stop it first');
    await expect(run(homes.two, 'dc', 'init')).rejects.toThrow('stop it first');
    // The first home tells the others who is a member.
    await homes.two.restart();
    await expect.poll(() => statesOf(homes.two), { timeout: 20_000 }).toEqual(['1 up', '3 down']);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
