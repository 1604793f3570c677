import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunningNats } from '@aerogram/bus/testing';
import { type RunningNode, type ServedParts, startNode } from '@aerogram/node';
import { loadConfig, systemClock } from '@aerogram/runtime';
import { testDatabase } from '@aerogram/storage/testing';
import { untilMembersAreKnown } from './known-members.ts';
import { createKeyProvider } from './prepared-keys.ts';
import { copyKeys, placeServerKey } from './server-key.ts';
import type { Serving } from './serving.ts';
import { createTestLogger } from './test-log.ts';
import { NO_FETCHES } from './no-fetches.ts';

/** One of them. */
export interface TestNode extends Serving {
  readonly name: string;
  readonly parts: ServedParts;
  stop(): Promise<void>;
}

/** Servers in this process that serve from one database as nodes, and the NATS server between them. */
export interface TestCluster extends AsyncDisposable {
  /** What the operator's commands need. */
  readonly server: { databaseUrl: string; dataDir: string };
  readonly nodes: readonly TestNode[];
  /** Starts one more node. @param options its name, settings that differ from those of the others, and whether it makes keys of its own; by default it gets a copy of theirs */
  join(options?: JoinOptions): Promise<RunningNode>;
  /** Kills the NATS server. */
  killNats(): Promise<void>;
  /** Starts it again at its address. */
  startNats(): Promise<void>;
}

interface JoinOptions {
  name?: string;
  env?: Record<string, string>;
  hasOtherKeys?: boolean;
}

/** Starts `count` servers that serve from one database. Disposing of the cluster stops all of them and deletes their data. @param common settings of all of them */
export async function startTestCluster(count: number, common: Record<string, string> = {}): Promise<TestCluster> {
  const root = await mkdtemp(join(tmpdir(), 'aerogram-cluster-'));
  const keys = join(root, 'first');
  await mkdir(keys);
  await placeServerKey(keys);
  const database = await testDatabase();
  const nats = await RunningNats.start();
  const running: RunningNode[] = [];
  const names: string[] = [];
  const parts: ServedParts[] = [];
  const log = createTestLogger('fatal');
  const add = async ({ name, env = {}, hasOtherKeys = false }: JoinOptions = {}): Promise<RunningNode> => {
    const dataDir = running.length === 0 ? keys : await mkdtemp(join(root, 'node-'));
    if (running.length > 0 && !hasOtherKeys) await copyKeys(keys, dataDir);
    if (name !== undefined) await writeFile(join(dataDir, 'node-id'), name);
    const config = loadConfig(['--data-dir', dataDir, '--port', '0', '--http-port', '0', '--host', '127.0.0.1'], {
      AEROGRAM_DATABASE_URL: database.url,
      AEROGRAM_TEST_MODE: '1',
      ...NO_FETCHES,
      AEROGRAM_NATS_URL: `nats://127.0.0.1:${nats.port}`,
      AEROGRAM_FILES_DIR: join(root, 'files'),
      ...common,
      ...env,
    });
    const node = await startNode(config, { log, onServing: (served) => void parts.push(served) });
    running.push(node);
    names.push((await readFile(join(dataDir, 'node-id'), 'utf8')).trim());
    return node;
  };
  const end = async (): Promise<void> => {
    await Promise.all(running.map((node) => node.stop()));
    await nats[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
    await rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  };
  try {
    const prepareKey = createKeyProvider(database, systemClock);
    for (let i = 0; i < count; i++) await add();
    await untilMembersAreKnown(database);
    return {
      server: { databaseUrl: database.url, dataDir: keys },
      nodes: running.map((node, i) => ({ info: node.server, name: names[i]!, prepareKey, parts: parts[i]!, stop: () => node.stop() })),
      join: add,
      killNats: () => nats.kill(),
      startNats: () => nats.start(),
      [Symbol.asyncDispose]: end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}
