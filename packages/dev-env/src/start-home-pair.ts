import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Operate, runOperator } from './operate.ts';
import { ServerProcess, type ServerProcessOptions } from './server-process.ts';
import { startHomeProcesses } from './start-home-processes.ts';
import { untilLinksAreDry } from './until-links-dry.ts';

/** Two data centres of one cluster, in processes of their own with databases of their own, on ports that they keep. */
export interface HomePair extends AsyncDisposable {
  readonly directory: string;
  /** Data centre 1, then 2. */
  readonly servers: readonly [ServerProcess, ServerProcess];
  readonly operate: Operate;
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
  const operate: Operate = (server, ...command) => runOperator(server, command);
  const homes: HomePair = {
    directory,
    servers,
    operate,
    untilDry: (atMost) => untilLinksAreDry(operate, servers, atMost),
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
