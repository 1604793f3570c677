import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunningNats } from '@aerogram/bus/testing';
import { silentLogger } from '@aerogram/runtime';
import { startEmbedded } from '@aerogram/storage';
import { type Operate, runOperator } from './operate.ts';
import { copyKeys } from './server-key.ts';
import { ServerProcess } from './server-process.ts';
import { untilLinksAreDry } from './until-links-dry.ts';

/** Data centre 1 with several nodes on one database, and data centre 2, one server; all of them processes, on ports that they keep. */
export interface HomeNodes extends AsyncDisposable {
  /** The nodes of data centre 1. */
  readonly nodes: readonly ServerProcess[];
  /** The server of data centre 2. */
  readonly other: ServerProcess;
  /** URL of the database of data centre 1. */
  readonly databaseUrl: string;
  readonly operate: Operate;
  /** See `HomePair`. Data centre 1 is asked by way of its first node. */
  untilDry(): Promise<void>;
}

/** Sets up two data centres as an operator would, and starts all servers. Disposing ends them and deletes their data. */
export async function startHomeNodes(count: number): Promise<HomeNodes> {
  const directory = await mkdtemp(join(tmpdir(), 'aerogram-home-nodes-'));
  const open: AsyncDisposable[] = [];
  const end = async (): Promise<void> => {
    for (const part of open.splice(0).toReversed()) await part[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  try {
    const engine = await startEmbedded({ dataDir: join(directory, 'database'), log: silentLogger });
    open.push(engine);
    const nats = await RunningNats.start();
    open.push(nats);
    const env = { AEROGRAM_NATS_URL: `nats://127.0.0.1:${nats.port}`, AEROGRAM_FILES_DIR: join(directory, 'files') };
    const nodes = Array.from({ length: count }, (_, at) => new ServerProcess(join(directory, `node-${at}`), false, { env, databaseUrl: engine.url }));
    const other = new ServerProcess(join(directory, 'dc2'), false, {});
    open.push(other, ...nodes);
    const operate: Operate = (server, ...command) => runOperator(server, command, server === other ? {} : { ...env, AEROGRAM_DATABASE_URL: engine.url });
    const [first, ...rest] = nodes as [ServerProcess, ...ServerProcess[]];
    await operate(first, 'dc', 'init', '--dc', '1');
    await first.start();
    const ticket = join(directory, 'ticket.json');
    await operate(first, 'dc', 'ticket', '2', ticket);
    await operate(other, 'dc', 'join', ticket);
    for (const node of rest) await copyKeys(first.dataDir, node.dataDir);
    await Promise.all([...rest, other].map((server) => server.start()));
    const untilDry = (): Promise<void> => untilLinksAreDry(operate, [first, other]);
    await untilDry();
    return { nodes, other, databaseUrl: engine.url, operate, untilDry, [Symbol.asyncDispose]: end };
  } catch (error) {
    await end();
    throw error;
  }
}
