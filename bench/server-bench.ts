import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPostmaster, findRepositoryRoot, startServerProcess, type ServerProcess, type ServerProcessOptions } from '@aerogram/dev-env/load';
import { planSeed, type SeedPlan } from '@aerogram/cli/seed';
import { keysDirectory } from '@aerogram/node';
import { silentLogger } from '@aerogram/runtime';
import { startEmbedded } from '@aerogram/storage';
import { GeneratorProcess } from './load/generator-process.ts';
import type { Bench, BenchOptions } from './measure.ts';

/** What the runs against a server need. */
export interface ServerBench extends Bench {
  server: ServerProcess;
}

/** The programs that a bench measures. */
export interface BuiltPrograms {
  /** Folder with `server.js` and `aerogram.js`. */
  dist: string;
  /** Short id of the commit, for tables, and for directories of seeded databases, because each commit has its own schema. Empty for this checkout. */
  name: string;
}

/** The programs of this checkout. */
export const OWN_PROGRAMS: BuiltPrograms = { dist: join(findRepositoryRoot(), 'dist'), name: '' };

let programs = OWN_PROGRAMS;

/** Chooses the programs that are measured from now on. */
export function usePrograms(chosen: BuiltPrograms): void {
  programs = chosen;
}

/** Where Debian has the programs of PostgreSQL 15. */
export const DEBIAN_POSTGRES = '/usr/lib/postgresql/15/bin';

/** How the server of a bench is started. */
interface ServerBenchOptions extends Pick<BenchOptions, 'profileDir'> {
  /** Kept; a new one, removed afterwards, when absent. */
  dataDir?: string;
  /** Programs of another PostgreSQL than the embedded one, run with the same settings. */
  postgresBin?: string;
  env?: Record<string, string>;
}

/** Starts a server and a load generator in processes of their own, and ends both after `run`. */
export async function withServer<T>(options: ServerBenchOptions, run: (bench: ServerBench) => Promise<T>): Promise<T> {
  const { profileDir, dataDir, postgresBin } = options;
  const process: ServerProcessOptions = {
    env: { AEROGRAM_LOG_LEVEL: 'warn', ...options.env },
    nodeArguments: profileArguments({ profileDir }),
    program: join(programs.dist, 'server.js'),
    ...(dataDir === undefined ? {} : { dataDir }),
  };
  if (postgresBin !== undefined) return withOtherPostgres(postgresBin, (url, pid) => runWith({ ...process, databaseUrl: url }, pid, run));
  return runWith(process, undefined, run);
}

/** Arguments for Node with which a process leaves a CPU profile. */
export const profileArguments = ({ profileDir }: Pick<BenchOptions, 'profileDir'>): string[] => (profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`]);

async function runWith<T>(options: ServerProcessOptions, postmaster: number | undefined, run: (bench: ServerBench) => Promise<T>): Promise<T> {
  await using server = await startServerProcess(options);
  await using generator = new GeneratorProcess();
  const postgres = postmaster ?? (await findPostmaster(server.dataDir));
  return await run({ server, generator, pids: { server: server.info.pid, postgres, generator: generator.pid } });
}

async function withOtherPostgres<T>(binDir: string, run: (url: string, pid: number) => Promise<T>): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), 'aerogram-bench-pg-'));
  try {
    await using engine = await startEmbedded({ dataDir, log: silentLogger, engine: { binDir } });
    return await run(engine.url, engine.pid);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** A directory with a seeded database, made when it is not there yet: `aerogram dev seed`. */
export async function seededDirectory({ seed, dataDir }: Pick<BenchOptions, 'seed' | 'dataDir'>): Promise<{ dataDir: string; plan: SeedPlan }> {
  const { users, messages, devices, channels } = seed;
  const numbers = [users, messages, devices, ...(channels === undefined ? [] : Object.values(channels))];
  const directory = join(dataDir, programs.name, `seed-${numbers.join('-')}`);
  const isNew = !existsSync(directory);
  if (isNew) console.log(`seeding ${directory} with ${users} accounts and ${messages} messages`);
  const sizes = Object.entries({ users, messages, devices, ...(channels === undefined ? {} : { 'channel-members': channels.members, channels: channels.count, 'channels-each': channels.each, 'channel-posts': channels.posts }) });
  const command = [join(programs.dist, 'aerogram.js'), '--data-dir', directory, 'dev', 'seed', ...sizes.flatMap(([name, n]) => [`--${name}`, String(n)])];
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, AEROGRAM_TEST_MODE: '1', AEROGRAM_LINK_PREVIEWS: '0', AEROGRAM_FILES_BY_URL: '0' } });
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`seeding ${directory} failed; delete it to try again`);
  return { dataDir: directory, plan: planSeed(seed) };
}

/** A smaller one with channels in it: public ones of `members`, and private ones of which each account with a device is in many. */
export function seededChannels({ seed, channels, dataDir }: Pick<BenchOptions, 'seed' | 'channels' | 'dataDir'>): Promise<{ dataDir: string; plan: SeedPlan }> {
  return seededDirectory({ seed: { ...seed, messages: seed.messages / 10, channels }, dataDir });
}

/**
 * Runs a server on a seeded database whose statements are counted.
 * @param run gets the URL of the database
 */
export async function withCountedStatements<T>(seeded: string, options: Pick<BenchOptions, 'profileDir'>, run: (bench: ServerBench, url: string) => Promise<T>): Promise<T> {
  await using engine = await startEmbedded({ dataDir: seeded, log: silentLogger, settings: { shared_preload_libraries: 'pg_stat_statements' } });
  const dataDir = mkdtempSync(join(tmpdir(), 'aerogram-bench-counted-'));
  try {
    // A server creates no keys for a database that has accounts.
    cpSync(keysDirectory(seeded), keysDirectory(dataDir), { recursive: true });
    return await runWith(
      { env: { AEROGRAM_LOG_LEVEL: 'warn' }, nodeArguments: profileArguments(options), dataDir, databaseUrl: engine.url },
      engine.pid,
      (bench) => run(bench, engine.url),
    );
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
