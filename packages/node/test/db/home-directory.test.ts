import { HomeAway, type HomeAnswerer } from '@aerogram/cluster';
import { createFakeClock, silentLogger, VERSION } from '@aerogram/runtime';
import { insertHome, listHomes, SCHEMA_VERSION } from '@aerogram/storage';
import { testDatabase, type TestDatabase } from '@aerogram/storage/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { HomeDirectory } from '../../src/homes/home-directory.ts';
import { doChangeHome } from '../../src/homes/join-homes.ts';

const NAMES = 1;
const addressesOf = (dc: number) => ({ link_host: `dc${dc}.example.org`, link_port: 4440, link_nodes: [], client_host: `192.0.2.${dc}`, client_port: 443, web_address: `https://dc${dc}.example.org` });
const UNKNOWN = { link_host: '', link_port: 0, link_nodes: [], client_host: '', client_port: 0, web_address: '' };

/** A data centre whose questions are calls. */
interface Home {
  db: TestDatabase;
  directory: HomeDirectory;
  answerers: Map<string, HomeAnswerer>;
}

const clock = createFakeClock();
const homes = new Map<number, Home>();
let away: number | undefined;

/** Makes a home that knows its own address, and of the others only who they are. */
async function addHome(dc: number, others: readonly number[]): Promise<Home> {
  const db = await testDatabase();
  await db.transact('test', async (tx) => {
    for (const one of [dc, ...others]) await insertHome(tx, { dc: one, is_own: one === dc, of_names: one === NAMES, state: 'joined', ...(one === dc ? addressesOf(dc) : UNKNOWN) });
  });
  const answerers = new Map<string, HomeAnswerer>();
  const directory = await HomeDirectory.open({
    db,
    clock,
    log: silentLogger,
    homes: {
      others,
      ofNames: NAMES,
      onAsk: (name, answer) => void answerers.set(name, answer),
      ask: async (to, name, body) => {
        const answer = to === away ? undefined : homes.get(to)?.answerers.get(name);
        if (answer === undefined) throw new HomeAway(to);
        return answer(body, dc);
      },
    },
  });
  const home = { db, directory, answerers };
  homes.set(dc, home);
  return home;
}

const portsOf = async ({ db }: Home): Promise<string[]> => (await listHomes(db)).map(({ dc, state, link_host: host }) => `${dc} ${state} ${host}`);

/** Lets time pass until the rows of a home are as expected. */
async function untilRows(home: Home, expected: string[], stepMs = 1000): Promise<void> {
  await vi.waitFor(async () => {
    await clock.advance(stepMs);
    expect(await portsOf(home)).toEqual(expected);
  }, { timeout: 20_000, interval: 5 });
}

beforeEach(() => {
  away = undefined;
});
afterEach(async () => {
  for (const { db, directory } of homes.values()) {
    await directory[Symbol.asyncDispose]();
    await db[Symbol.asyncDispose]();
  }
  homes.clear();
});

test('homes learn from each other where they are, also if one is away at first', async () => {
  const [one, two] = [await addHome(1, [2]), await addHome(2, [1])];
  away = 1;
  const changes: number[] = [];
  two.directory.onChange(() => void changes.push(two.directory.list().length));
  for (const { directory } of [one, two]) directory.start();
  await untilRows(one, ['1 joined dc1.example.org', '2 joined dc2.example.org']);
  await untilRows(two, ['1 joined dc1.example.org', '2 joined dc2.example.org']);
  await vi.waitFor(async () => {
    await clock.advance(1000);
    expect(two.directory.list()).toEqual([{ dc: 1, host: '192.0.2.1', port: 443, webAddress: 'https://dc1.example.org' }]);
  });
  expect(changes).toEqual([1]);
  away = undefined;
});

test('homes tell each other what they run, and one that does not say it is not known', async () => {
  const [one, two] = [await addHome(1, [2]), await addHome(2, [1])];
  one.directory.start();
  const versionsOf = async ({ db }: Home, dc: number) => (await listHomes(db)).filter((row) => row.dc === dc).map(({ program, schema_version: schema }) => [program, schema]);
  await vi.waitFor(async () => {
    await clock.advance(1000);
    for (const [home, dc] of [[one, 2], [two, 1]] as const) expect(await versionsOf(home, dc)).toEqual([[VERSION, SCHEMA_VERSION]]);
  }, { timeout: 20_000, interval: 5 });
  await two.answerers.get('home.addresses')!(Buffer.from(JSON.stringify(addressesOf(1))), 1);
  expect(await versionsOf(two, 1)).toEqual([['', 0]]);
});

test('who is a member, only the first home says', async () => {
  const [one, two, three] = [await addHome(1, [2, 3]), await addHome(2, [1, 3]), await addHome(3, [1, 2])];
  for (const { directory } of [one, two, three]) directory.start();
  const everybody = [1, 2, 3].map((dc) => `${dc} joined dc${dc}.example.org`);
  for (const home of [one, two, three]) await untilRows(home, everybody);

  // Somebody has broken into home 2 and says that home 3 was removed, and that home 4 is a member.
  await two.db.q.updateTable('homes').set({ state: 'removed' }).where('dc', '=', 3).execute();
  await two.db.transact('test', (tx) => insertHome(tx, { dc: 4, is_own: false, of_names: false, state: 'joined', ...addressesOf(4) }));
  await one.db.q.updateTable('homes').set({ link_port: 1 }).where('dc', '=', 2).execute();
  await untilRows(one, everybody, 60_000);
  await vi.waitFor(async () => {
    await clock.advance(60_000);
    // It was asked since.
    expect((await listHomes(one.db)).map(({ link_port: port }) => port)).toEqual([4440, 4440, 4440]);
  }, { timeout: 20_000 });
  expect(await portsOf(one)).toEqual(everybody);
  expect(await portsOf(three)).toEqual(everybody);

  await doChangeHome({ db: one.db, clock }, 3, 'remove');
  await untilRows(two, ['1 joined dc1.example.org', '2 joined dc2.example.org', '3 removed dc3.example.org', '4 joined dc4.example.org'], 60_000);
});

test('which certificates were revoked, only the first home says, and none becomes good again', async () => {
  const [one, two, three] = [await addHome(1, [2, 3]), await addHome(2, [1, 3]), await addHome(3, [1, 2])];
  for (const { directory } of [one, two, three]) directory.start();
  const datesOf = async ({ db }: Home): Promise<number[]> => (await listHomes(db)).map((row) => row.certificates_from);
  const untilDates = (home: Home, expected: number[]): Promise<void> =>
    vi.waitFor(async () => {
      await clock.advance(60_000);
      expect(await datesOf(home)).toEqual(expected);
    }, { timeout: 20_000, interval: 5 });
  const note = ({ db }: Home, dc: number, from: number): Promise<unknown> => db.q.updateTable('homes').set({ certificates_from: from }).where('dc', '=', dc).execute();
  await note(one, 3, 1_700_000_000);
  for (const home of [two, three]) await untilDates(home, [0, 0, 1_700_000_000]);
  // Somebody has broken into home 2; and the first home is restored from a backup of before, or its program is older.
  await note(two, 1, 1_900_000_000);
  await note(one, 3, 0);
  await note(one, 2, 1_750_000_000);
  await untilDates(three, [0, 1_750_000_000, 1_700_000_000]);
  expect(await datesOf(one)).toEqual([0, 1_750_000_000, 0]);
});

test('nobody says where another one is', async () => {
  const one = await addHome(1, [2, 3]);
  const answer = one.answerers.get('home.addresses')!;
  await answer(Buffer.from(JSON.stringify({ dc: 3, ...addressesOf(5) })), 2);
  expect(await portsOf(one)).toEqual(['1 joined dc1.example.org', '2 joined dc5.example.org', '3 joined ']);
  await expect(answer(Buffer.from(JSON.stringify({ ...addressesOf(2), link_host: 'a b' })), 2)).rejects.toThrow();
  await expect(answer(Buffer.from('no JSON'), 2)).rejects.toThrow();
  expect(await portsOf(one)).toContain('2 joined dc5.example.org');
});
