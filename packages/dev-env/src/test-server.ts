import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunningNats } from '@aerogram/bus/testing';
import { homeOfTestPhone, meterHomes } from '@aerogram/cluster/testing';
import { createInProcessBus } from '@aerogram/bus';
import { createFaultyBus, type Fate } from '@aerogram/bus/testing';
import type { CodeDelivery } from '@aerogram/domain';
import { blobsDirectory, type NodeOverrides, type RunningNode, startNode } from '@aerogram/node';
import { watchQuotas } from '@aerogram/node/testing';
import { createLogger, loadConfig, systemClock, type Clock } from '@aerogram/runtime';
import { testDatabase, type WritableDatabase } from '@aerogram/storage/testing';
import { untilMembersAreKnown } from './known-members.ts';
import { createKeyProvider, type PrepareKey } from './prepared-keys.ts';
import type { ServerInfo } from './server-info.ts';
import { copyKeys, placeServerKey } from './server-key.ts';
import { createTestLogger } from './test-log.ts';
import { NO_FETCHES } from './no-fetches.ts';

/** What happens to a hint on the bus. */
export type HintFate = Fate;

/** Options of a test server. */
export interface TestServerOptions {
  clock?: Clock;
  /** Judges that clock like the machine's: after a jump, work that depends on the date waits. */
  watchesClock?: boolean;
  /** Parts that servers for the tests of bot makers have replaced. */
  kit?: Pick<NodeOverrides, 'sessionClock' | 'botCalls' | 'hasLimits' | 'onServing' | 'webTokens' | 'adminCommands'>;
  /** Decides about each hint; by default all are delivered. */
  hintPolicy?: (topic: string, hint: unknown) => HintFate;
  /** Receives the codes that the server sends, in place of the console. */
  codeDelivery?: CodeDelivery;
  /** Settings as environment variables. */
  env?: Record<string, string>;
  /** Folder of the web client; by default what the build has made. */
  webFolder?: string;
  /** From how many nodes it is served; by default what `AEROGRAM_TEST_NODES` says, or one. */
  nodes?: number;
  /** Makes the server a data centre of a cluster before it starts. Then it has no workers, and people are at home where they sign up. */
  joinHomes?: (place: { db: WritableDatabase; dataDir: string }) => Promise<void>;
  /** Receives each line of the log, at the level debug, or of a server with workers what does not come from them, at its own level. By default, errors are shown. */
  onLogLine?: (line: string) => void;
}

/** One of the nodes of a server. */
export interface TestServerNode {
  readonly info: ServerInfo;
  readonly dataDir: string;
  stop(): Promise<void>;
}

/** A server in this process, on free ports that it keeps, with a data directory and a database of its own. */
export interface TestServer extends AsyncDisposable {
  /** Where to connect to. Of a server of several nodes, each read answers the next one. */
  readonly info: ServerInfo;
  readonly prepareKey: PrepareKey;
  /** The nodes of the server; most servers of tests have only one. */
  readonly nodes: readonly TestServerNode[];
  /** Its database, for tests that fill tables faster than clients could. */
  readonly db: WritableDatabase;
  /** Its data directory, for commands of operators. */
  readonly dataDir: string;
  /** URL of its database, for tests with database faults. */
  readonly databaseUrl: string;
  /** Stops it and starts it again on the same database, keys and ports, so that its clients reconnect by themselves. */
  restart(): Promise<void>;
  /** Delivers the hints that the policy held back, in the given order. */
  releaseHints(order?: <T>(held: readonly T[]) => T[]): number;
  /** Tells the server that hints may have been lost. */
  reconnectBus(): void;
}

/**
 * Starts a server in this process. Disposing stops it and deletes its data. `AEROGRAM_TEST_LOG=debug` shows its log;
 * `AEROGRAM_TEST_WORKERS=2` uses workers, which do not get the clock, bus or code delivery of a test. `AEROGRAM_TEST_NODES=3` makes it three nodes, which
 * do not get the bus; each device that connects and each request of a bot goes to the next of them.
 *
 * @throws the error of startNode
 */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  watchQuotas();
  const { joinHomes } = options;
  const nodeCount = options.nodes ?? Number(process.env['AEROGRAM_TEST_NODES'] ?? '1');
  const root = await mkdtemp(join(tmpdir(), 'aerogram-scenario-'));
  const dirs = Array.from({ length: nodeCount }, (_, at) => (at === 0 ? root : join(root, `node-${at}`)));
  await placeServerKey(root);
  const database = await testDatabase();
  const nats = nodeCount > 1 ? await RunningNats.start() : undefined;
  const bus = createFaultyBus(createInProcessBus(), options.hintPolicy ?? (() => 'deliver' as const));
  const configs = dirs.map((dataDir) => loadConfig(['--data-dir', dataDir, '--port', '0', '--http-port', '0', '--host', '127.0.0.1'], {
    AEROGRAM_DATABASE_URL: database.url,
    AEROGRAM_TEST_MODE: '1',
    // Workers are processes of their own, which write their log to the output of this one.
    AEROGRAM_LOG_LEVEL: process.env['AEROGRAM_TEST_LOG'] ?? 'error',
    // Codes would stand in the output of the tests; those that need one take it from `codeDelivery` or the database.
    AEROGRAM_PRINT_CODES: '0',
    ...NO_FETCHES,
    AEROGRAM_WORKERS: joinHomes === undefined ? (process.env['AEROGRAM_TEST_WORKERS'] ?? '1') : '1',
    ...(nats && { AEROGRAM_NATS_URL: `nats://127.0.0.1:${nats.port}`, AEROGRAM_FILES_DIR: blobsDirectory(root) }),
    ...options.env,
  }));
  // Unexpected errors must be visible, even if they occur once in a hundred runs.
  const { onLogLine } = options;
  // Workers take over the level of this log.
  const level = configs[0]!.workers > 1 ? configs[0]!.logLevel : 'debug';
  const log = onLogLine === undefined ? createTestLogger() : createLogger({ level, destination: { write: onLogLine } });
  const clean = async (): Promise<void> => {
    await nats?.[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
    await rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  };
  const nodes: RunningNode[] = [];
  const stop = async (): Promise<void> => void (await Promise.all(nodes.splice(0).map((node) => node.stop())));
  let turn = 0;
  try {
    const { clock, watchesClock = false, codeDelivery, webFolder } = options;
    const overrides = { log, watchesClock, webFolder, ...(joinHomes === undefined && { watchDatabase: meterHomes, homeOfPhone: homeOfTestPhone }), ...options.kit, ...(clock ? { clock } : {}), ...(codeDelivery ? { codeDelivery } : {}) };
    const start = async (ports: readonly { port: number; httpPort: number }[] = []): Promise<void> => {
      for (const [at, config] of configs.entries()) {
        if (at > 0) await copyKeys(root, config.dataDir);
        nodes.push(await startNode({ ...config, ...ports[at] }, { ...overrides, ...(nats ? {} : { bus }) }));
      }
      if (nats) await untilMembersAreKnown(database);
    };
    await joinHomes?.({ db: database, dataDir: root });
    await start();
    return {
      db: database,
      dataDir: root,
      databaseUrl: database.url,
      prepareKey: createKeyProvider(database, options.kit?.sessionClock ?? options.clock ?? systemClock),
      get nodes() {
        return nodes.map((node, at) => ({ info: node.server, dataDir: dirs[at]!, stop: () => node.stop() }));
      },
      get info() {
        return nodes[turn++ % nodeCount]!.server;
      },
      async restart() {
        const ports = nodes.map(({ server }) => ({ port: server.mtproto.port, httpPort: server.http.port }));
        await stop();
        await start(ports);
      },
      releaseHints: (order) => bus.release(order),
      reconnectBus: () => bus.reconnect(),
      async [Symbol.asyncDispose]() {
        await stop();
        await clean();
      },
    };
  } catch (error) {
    await stop();
    await clean();
    throw error;
  }
}
