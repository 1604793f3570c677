import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findRepositoryRoot } from './server-info.ts';
import { ServerProcess, type ServerProcessOptions } from './server-process.ts';
import { startHomeProcesses } from './start-home-processes.ts';

const run = promisify(execFile);

/** How long homes that are up may take until each has applied all that waited for it, in milliseconds. */
const DRY_MS = 120_000;

const LOOK_MS = 100;

/** A link, as `aerogram dc list --json` shows it. */
export interface ListedLink {
  dc: number;
  state: 'up' | 'down' | 'paused' | 'removed';
  waiting: number;
}

/** Two data centres of one cluster, in processes of their own with databases of their own, on ports that they keep. */
export interface HomePair extends AsyncDisposable {
  readonly directory: string;
  /** Data centre 1, then 2. */
  readonly servers: readonly [ServerProcess, ServerProcess];
  /** Runs a command of the operator at a home. @returns what it printed */
  operate(server: ServerProcess, ...command: readonly string[]): Promise<string>;
  /** Waits until the links stand and no more than `atMost` frames wait for a home, by default none. @throws Error after two minutes */
  untilDry(atMost?: number): Promise<void>;
}

/** Sets up two homes by one start of both, and starts each alone. Disposing ends both and deletes their data. */
export async function startHomePair(options: Pick<ServerProcessOptions, 'env' | 'nodeArguments'> = {}): Promise<HomePair> {
  const both = await startHomeProcesses(2, options.env ? { env: options.env } : {});
  const directory = both.root;
  const code = await both.stop();
  if (code !== 0) throw new Error(`the two homes ended with ${code}\n${both.output}`);
  const servers = [1, 2].map((dc) => new ServerProcess(join(directory, `dc${dc}`), false, options)) as [ServerProcess, ServerProcess];
  const operate = async (server: ServerProcess, ...command: readonly string[]): Promise<string> =>
    (await run(process.execPath, [join(findRepositoryRoot(), 'dist', 'aerogram.js'), ...command, '--data-dir', server.dataDir])).stdout;
  const homes: HomePair = {
    directory,
    servers,
    operate,
    async untilDry(atMost = 0) {
      for (const deadline = performance.now() + DRY_MS; ; await delay(LOOK_MS)) {
        const lists = await Promise.all(servers.map(async (server) => JSON.parse(await operate(server, 'dc', 'list', '--json')) as ListedLink[]));
        if (lists.every((links) => links.length > 0 && links.every(({ state, waiting }) => state === 'up' && waiting <= atMost))) return;
        if (performance.now() > deadline) throw new Error(`frames still wait: ${JSON.stringify(lists)}`);
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
      await rm(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
  try {
    await Promise.all(servers.map((server) => server.start()));
    await homes.untilDry();
    return homes;
  } catch (error) {
    await homes[Symbol.asyncDispose]();
    throw error;
  }
}
