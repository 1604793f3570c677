import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type RunningNode, startNode } from '@aerogram/node';
import { createLogger, loadConfig, systemClock } from '@aerogram/runtime';
import { testDatabase } from '@aerogram/storage/testing';
import { createKeyProvider } from './prepared-keys.ts';
import { placeServerKey } from './server-key.ts';
import type { Serving } from './serving.ts';

const PROGRAM = '/usr/sbin/nats-server';

/** Whether Debian's package nats-server is there, without which no cluster can be started. */
export const hasNatsServer = existsSync(PROGRAM);

/** Servers in this process that serve from one database as nodes, and the NATS server between them. */
export interface TestCluster extends AsyncDisposable {
  readonly nodes: readonly (Serving & { stop(): Promise<void> })[];
  /** Starts one more node. @param options settings that differ from those of the others, and whether it gets their keys, which is the default */
  join(options?: { env?: Record<string, string>; hasOtherKeys?: boolean }): Promise<RunningNode>;
  /** Kills the NATS server. */
  killNats(): Promise<void>;
  /** Starts it again at its address. */
  startNats(): Promise<void>;
}

/** Starts a cluster of `count` nodes. Disposing stops all of them and deletes their data. */
export async function startTestCluster(count: number): Promise<TestCluster> {
  const root = await mkdtemp(join(tmpdir(), 'aerogram-cluster-'));
  const keys = join(root, 'first');
  await mkdir(keys);
  await placeServerKey(keys);
  const database = await testDatabase({ isEmpty: true });
  const port = await freePort();
  let nats = await spawnNats(port);
  const running: RunningNode[] = [];
  const log = createLogger({ level: process.env['AEROGRAM_TEST_LOG'] ?? 'fatal' });
  const add = async ({ env = {}, hasOtherKeys = false }: { env?: Record<string, string>; hasOtherKeys?: boolean } = {}): Promise<RunningNode> => {
    const dataDir = running.length === 0 ? keys : await mkdtemp(join(root, 'node-'));
    if (running.length > 0 && !hasOtherKeys) await cp(join(keys, 'keys'), join(dataDir, 'keys'), { recursive: true });
    const config = loadConfig(['--data-dir', dataDir, '--port', '0', '--http-port', '0', '--host', '127.0.0.1'], {
      AEROGRAM_DATABASE_URL: database.url,
      AEROGRAM_TEST_MODE: '1',
      AEROGRAM_TEST_CLUSTER: '1',
      AEROGRAM_NATS_URL: `nats://127.0.0.1:${port}`,
      AEROGRAM_FILES_DIR: join(root, 'files'),
      ...env,
    });
    const node = await startNode(config, { log });
    running.push(node);
    return node;
  };
  const end = async (): Promise<void> => {
    await Promise.all(running.map((node) => node.stop()));
    await kill(nats);
    await database[Symbol.asyncDispose]();
    await rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  };
  try {
    const prepareKey = createKeyProvider(database, systemClock);
    for (let i = 0; i < count; i++) await add();
    return {
      nodes: running.map((node) => ({ info: node.server, prepareKey, stop: () => node.stop() })),
      join: add,
      killNats: () => kill(nats),
      async startNats() {
        nats = await spawnNats(port);
      },
      [Symbol.asyncDispose]: end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** Starts the NATS server; returns when it accepts connections. */
async function spawnNats(port: number): Promise<ChildProcess> {
  const child = spawn(PROGRAM, ['-a', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  for (let tries = 0; tries < 200; tries++) {
    const isUp = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      }).once('error', () => resolve(false));
    });
    if (isUp) return child;
    await delay(25);
  }
  await kill(child);
  throw new Error('the NATS server did not start within 5 s');
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}
