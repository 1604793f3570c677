import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServerProcess } from '@aerogram/dev-env/load';
import { type Cloud, startCloud } from '@aerogram/testing';
import pg from 'pg';
import { BOUNDS, ratioTo } from '../bounds.ts';
import { readMemory } from '../cpu-time.ts';
import { testInCloud } from '../kit/cloud-suite.ts';
import { testWithMock } from '../kit/mock-suite.ts';
import { median, quantiles, type Row } from '../row.ts';
import { findDatabaseUrl } from './start.ts';

const STARTS = 5;
/** Tests before anything is measured, and people and bots that are made: programs and caches are warm then. */
const WARM = 20;
const MADE = 100;
const SUITE = 50;
const SUITES = 3;
const TURNS = 200;
const MIB = 2 ** 20;

/** A folder with a short name, because the database has a socket below it. */
async function inFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'aerogram-kit-'));
  try {
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timeMs(run: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await run();
  return performance.now() - started;
}

async function timesMs(count: number, run: (n: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < count; n++) times.push(await timeMs(() => run(n)));
  return times;
}

/** A cloud from a template that is there, in turns with a server on the database of its last start, in which nobody is. */
export function benchKitStart(): Promise<Row[]> {
  return inFolder(async (cacheDir) => {
    await (await startCloud({ cacheDir })).stop();
    await using server = await startServerProcess({ env: { AEROGRAM_LOG_LEVEL: 'warn' } });
    await server.stop();
    const [bare, clouds]: [number[], number[]] = [[], []];
    for (let n = 0; n < STARTS; n++) {
      bare.push(await timeMs(() => server.start()));
      await server.stop();
      let cloud: Cloud | undefined;
      clouds.push(await timeMs(async () => (cloud = await startCloud({ cacheDir }))));
      await cloud!.stop();
    }
    return [
      { name: 'an empty server, spawn → ready', ...quantiles(bare) },
      { name: 'startCloud() with a template', ...quantiles(clouds), ratios: [ratioTo(BOUNDS.kitStart, median(clouds), median(bare))] },
    ];
  });
}

/** People and bots for tests, one after the other, in turns with rows that are committed in the same database. */
export function benchKitPeople(): Promise<Row[]> {
  return inFolder(async (folder) => {
    const dataDir = join(folder, 'd');
    await using cloud = await startCloud({ dataDir });
    const client = new pg.Client({ connectionString: findDatabaseUrl(dataDir) });
    await client.connect();
    try {
      await client.query('CREATE TABLE floor (n serial PRIMARY KEY, words text)');
      const set = await cloud.set();
      const commit = (): Promise<unknown> => client.query({ name: 'floor', text: 'INSERT INTO floor (words) VALUES ($1)', values: ['x'.repeat(100)] });
      const commits: number[] = [];
      const people: number[] = [];
      const bots: number[] = [];
      for (let n = 0; n < WARM + MADE; n++) {
        const [committed, person, bot] = [await timeMs(commit), await timeMs(() => set.person('Ann')), await timeMs(() => set.bot())];
        if (n < WARM) continue;
        commits.push(committed);
        people.push(person);
        bots.push(bot);
      }
      return [
        { name: 'a row of 100 bytes, committed', ...quantiles(commits) },
        { name: 'a person', ...quantiles(people), ratios: [ratioTo(BOUNDS.kitPerson, median(people), median(commits))] },
        { name: 'a bot', ...quantiles(bots), ratios: [ratioTo(BOUNDS.kitBot, median(bots), median(commits))] },
      ];
    } finally {
      await client.end();
    }
  });
}

/** Fifty tests of a small bot in a cloud, in turns with the same tests with a mock of `fetch`. */
export function benchKitSuite(): Promise<Row[]> {
  return inFolder(async (cacheDir) => {
    await using cloud = await startCloud({ cacheDir });
    await timesMs(WARM, (n) => testInCloud(cloud, n));
    await timesMs(WARM, testWithMock);
    const [clouds, mocks]: [number[], number[]] = [[], []];
    for (let suite = 0; suite < SUITES; suite++) {
      mocks.push(await timeMs(() => timesMs(SUITE, testWithMock)));
      clouds.push(await timeMs(() => timesMs(SUITE, (n) => testInCloud(cloud, n))));
    }
    const [inCloud, withMock] = [median(clouds), median(mocks)];
    return [
      { name: `${SUITE} tests with a mock of fetch`, figures: { 'ms a test': withMock / SUITE } },
      { name: `${SUITE} tests in a cloud`, figures: { 'ms a test': inCloud / SUITE }, ratios: [ratioTo(BOUNDS.kitSuite, inCloud, withMock)] },
    ];
  });
}

/** Memory of a cloud's server after many tests, one after the other. */
export function benchKitMemory(): Promise<Row[]> {
  return inFolder(async (cacheDir) => {
    await using cloud = await startCloud({ cacheDir });
    await timesMs(WARM, (n) => testInCloud(cloud, n));
    const early = readMemory(cloud.pid);
    await timesMs(TURNS - WARM, (n) => testInCloud(cloud, n));
    const late = readMemory(cloud.pid);
    return [{ name: `the server after ${TURNS} tests`, figures: { 'MiB early': early / MIB, MiB: late / MIB }, ratios: [ratioTo(BOUNDS.kitMemory, late, early)] }];
  });
}
