import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunningNats } from '@aerogram/bus/testing';
import { silentLogger } from '@aerogram/runtime';
import { startEmbedded } from '@aerogram/storage';
import { copyKeys } from './server-key.ts';
import { type ServerProcess, type ServerProcessOptions, startServerProcess } from './server-process.ts';

/** Nodes in processes of their own that serve from one database. */
export interface NodeProcesses extends AsyncDisposable {
  readonly nodes: readonly ServerProcess[];
  /** Their names, in the same order. */
  readonly names: readonly string[];
  /** The server of NATS between them. */
  readonly nats: RunningNats;
  readonly databaseUrl: string;
  /** Process id of the database. */
  readonly postgres: number;
}

/** Starts a database, NATS and `count` nodes on this machine. Disposing ends all of them and deletes their data. */
export async function startNodeProcesses(count: number, options: Pick<ServerProcessOptions, 'env' | 'nodeArguments'> = {}): Promise<NodeProcesses> {
  const root = await mkdtemp(join(tmpdir(), 'aerogram-nodes-'));
  const dataDirOf = (index: number): string => join(root, `node-${index}`);
  const open: AsyncDisposable[] = [];
  const end = async (): Promise<void> => {
    for (const part of open.splice(0).toReversed()) await part[Symbol.asyncDispose]();
    await rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  };
  try {
    const engine = await startEmbedded({ dataDir: join(root, 'database'), log: silentLogger });
    open.push(engine);
    const nats = await RunningNats.start();
    open.push(nats);
    const env = { AEROGRAM_NATS_URL: `nats://127.0.0.1:${nats.port}`, AEROGRAM_FILES_DIR: join(root, 'files'), ...options.env };
    const start = async (index: number): Promise<ServerProcess> => {
      const node = await startServerProcess({ ...options, env, dataDir: dataDirOf(index), databaseUrl: engine.url });
      open.push(node);
      return node;
    };
    const first = await start(0);
    for (let index = 1; index < count; index++) await copyKeys(dataDirOf(0), dataDirOf(index));
    const others = Array.from({ length: count - 1 }, (_, at) => start(at + 1));
    // If one fails, those that have started are ended too.
    await Promise.allSettled(others);
    const nodes = [first, ...(await Promise.all(others))];
    const names = await Promise.all(nodes.map(async ({ dataDir }) => (await readFile(join(dataDir, 'node-id'), 'utf8')).trim()));
    return { nodes, names, nats, databaseUrl: engine.url, postgres: engine.pid, [Symbol.asyncDispose]: end };
  } catch (error) {
    await end();
    throw error;
  }
}
