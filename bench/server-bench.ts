import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPostmaster, findRepositoryRoot, startServerProcess, type ServerProcess, type ServerProcessOptions } from '@aerogram/dev-env/load';
import { planSeed, type SeedPlan } from '@aerogram/cli/seed';
import { silentLogger } from '@aerogram/runtime';
import { startEmbedded } from '@aerogram/storage';
import { GeneratorProcess } from './load/generator-process.ts';
import type { Bench, BenchOptions } from './measure.ts';

/** What the runs against a server need. */
export interface ServerBench extends Bench {
  server: ServerProcess;
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
    nodeArguments: profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`],
    ...(dataDir === undefined ? {} : { dataDir }),
  };
  if (postgresBin !== undefined) return withOtherPostgres(postgresBin, (url, pid) => runWith({ ...process, databaseUrl: url }, pid, run));
  return runWith(process, undefined, run);
}

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
  const { users, messages, devices } = seed;
  const directory = join(dataDir, `seed-${users}-${messages}-${devices}`);
  const isNew = !existsSync(directory);
  if (isNew) console.log(`seeding ${directory} with ${users} accounts and ${messages} messages`);
  const sizes = Object.entries(seed).flatMap(([name, n]) => [`--${name}`, String(n)]);
  const command = [join(findRepositoryRoot(), 'dist', 'aerogram.js'), '--data-dir', directory, 'dev', 'seed', ...sizes];
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, AEROGRAM_TEST_MODE: '1' } });
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`seeding ${directory} failed; delete it to try again`);
  return { dataDir: directory, plan: planSeed(seed) };
}
