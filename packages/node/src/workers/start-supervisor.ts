import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isApiPath } from '@aerogram/gateway';
import { loadOrCreateServerKeys } from '@aerogram/mtproto';
import { type Clock, type Config, type Endpoint, type Logger, type Random, workerFile } from '@aerogram/runtime';
import { openDatabase } from '@aerogram/storage';
import { openFront, type RunningNode } from '../open-front.ts';
import { openEngine } from '../open-storage.ts';
import { Acceptor } from './acceptor.ts';
import { handOnRequest } from './hand-on-request.ts';
import { mergeMetrics } from './merge-metrics.ts';
import { WorkerPool } from './worker-pool.ts';
import type { WorkerProcessDeps } from './worker-process.ts';

interface SupervisorDeps {
  clock: Clock;
  random: Random;
  log: Logger;
}

/** How often workers are told whether the disk has room. */
const DISK_EVERY_MS = 1000;
/** The longest path that every system takes for a socket. */
const MAX_SOCKET_PATH = 100;

/**
 * Starts a node of several processes: this one has the database, the ports and the bus; `config.workers` others serve. It holds
 * nothing that cannot be lost, as they do; when one ends, its clients come back to another.
 * @throws whatever part cannot start; everything started before it is closed again
 */
export async function startSupervisor(config: Config, { clock, random, log }: SupervisorDeps): Promise<RunningNode> {
  let pool: WorkerPool | undefined;
  const front = await openFront(config, {
    clock,
    log,
    isServing: () => pool !== undefined && pool.readyCount > 0,
    async renderMetrics(own) {
      const workers = pool?.workers ?? [];
      const texts = await Promise.all([own.render(), ...workers.map((worker) => worker.renderMetrics())]);
      const names = ['supervisor', ...workers.map(({ name }) => name)];
      return mergeMetrics(new Map(names.map((name, index) => [name, texts[index]!])));
    },
  });
  const { lifecycle, metrics, pages, say } = front;
  try {
    say('starting the database');
    const engine = await openEngine({ config, log, clock, metrics, say });
    lifecycle.own('database', engine);
    await lifecycle.start();
    say('bringing the schema up to date');
    await migrate(engine.url, { clock, random, log });
    say('loading keys');
    const keys = await loadOrCreateServerKeys(join(config.dataDir, 'keys'));

    say('starting workers');
    const runDir = await makeRunDir(config.dataDir);
    lifecycle.add({ name: 'sockets of workers', stop: () => rm(runDir, { recursive: true, force: true }) });
    const started = new WorkerPool({
      file: workerFile('server-worker'),
      clock,
      log,
      starts: listStarts(config, engine.url, runDir),
      onClosed: (connection) => acceptor.closed(connection),
    });
    pool = started;
    const acceptor = new Acceptor({
      config,
      clock,
      log,
      hand: (connection) => started.hand(connection),
      onRequest(request, response) {
        if (!serve(request, response)) pages(request, response);
      },
    });
    const serve: Parameters<typeof front.serve>[0] = (request, response) => {
      if (!isApiPath(request.url)) return false;
      handOnRequest(request, response, (packet) => started.chooseByPacket(packet)?.httpPath);
      return true;
    };
    front.serve(serve);
    acceptor.attach(front.httpServer);
    lifecycle.add({ name: 'workers', start: () => started.start(), drain: () => started.stop(config.drainTimeoutMs), stop: () => started.stop(0) });
    let refusal: string | undefined;
    const disk = clock.setInterval(() => {
      const now = engine.refusal()?.message;
      // Again and again while it is full: a worker may have been started since.
      if (now !== refusal || now !== undefined) started.broadcast({ kind: 'disk', refusal: now });
      refusal = now;
    }, DISK_EVERY_MS);
    lifecycle.add({ name: 'disk', stop: () => disk.cancel() });
    let mtproto: Endpoint | undefined;
    lifecycle.add({
      name: 'acceptor',
      async start() {
        mtproto = await acceptor.listen();
      },
      drain: () => acceptor.stop(),
      stop: () => acceptor.stop(),
    });
    await lifecycle.start();
    const publicKeys = keys.publicKeys.map(({ pem, fingerprint }) => ({ pem, fingerprint: fingerprint.toString() }));
    return await front.announce(mtproto!, publicKeys);
  } catch (error) {
    await lifecycle.stop();
    throw error;
  }
}

/** The directory of the workers' sockets: in the data directory, unless its path is too long for a socket's. */
async function makeRunDir(dataDir: string): Promise<string> {
  const runDir = join(resolve(dataDir), 'run');
  if (Buffer.byteLength(join(runDir, 'worker-00.sock')) > MAX_SOCKET_PATH) return mkdtemp(join(tmpdir(), 'aerogram-'));
  await mkdir(runDir, { recursive: true, mode: 0o700 });
  return runDir;
}

async function migrate(url: string, { clock, random, log }: SupervisorDeps): Promise<void> {
  await using db = await openDatabase({ url, poolSize: 2, log, clock, random });
  await db.migrate();
}

/** What each worker begins with: its share of what is counted by process, and for the first one the jobs. */
function listStarts(config: Config, databaseUrl: string, runDir: string): WorkerProcessDeps['start'][] {
  const { workers } = config;
  const maxHandshakesPerAddress = Math.ceil(config.maxHandshakesPerAddress / workers);
  return Array.from({ length: workers }, (_, index) => {
    const process = `worker-${index + 1}`;
    const roles = index === 0 ? config.roles : config.roles.filter((role) => role !== 'jobs');
    return { kind: 'start', config: { ...config, roles, maxHandshakesPerAddress }, databaseUrl, process, httpPath: join(runDir, `${process}.sock`) };
  });
}
