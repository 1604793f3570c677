import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { sendUnavailable } from '@aerogram/bot-api';
import { type ClientAddress, clientOfRequest, isApiPath } from '@aerogram/gateway';
import type { ServerKeys } from '@aerogram/mtproto';
import { type Clock, type Config, type Endpoint, type Lifecycle, type Logger, type Metrics, type Random, TrustedProxies, workerFile } from '@aerogram/runtime';
import { type MaintenanceWatch, watchMaintenance } from '@aerogram/domain';
import { openDatabase } from '@aerogram/storage';
import { addBackups } from '../backups/scheduled-backups.ts';
import { openRelay } from '../calls/open-relay.ts';
import { relaySecret } from '../calls/relay-place.ts';
import { claimFiles } from '../claim-files.ts';
import { openFront, type RunningNode } from '../open-front.ts';
import { openServerKeys } from '../open-server-keys.ts';
import { explainUnreachable, openEngine } from '../open-storage.ts';
import { type TakenDatabase, takeDatabase } from '../take-database.ts';
import { findDomainRoute } from '../http/domain-routes.ts';
import { createTimedServer } from '../http/timed-server.ts';
import { Acceptor } from './acceptor.ts';
import type { ToWorker } from './control.ts';
import { CLIENT_HEADER, forwardRequest } from '../http/forward-request.ts';
import { handOnRequest } from './hand-on-request.ts';
import { mergeMetrics } from './merge-metrics.ts';
import { WorkerPool } from './worker-pool.ts';
import type { WorkerProcessDeps } from './worker-process.ts';

interface SupervisorDeps {
  clock: Clock;
  random: Random;
  log: Logger;
}

/** How often workers are told whether the disk is full, in milliseconds. */
const DISK_EVERY_MS = 1000;
/** The longest socket path that every system accepts. */
const MAX_SOCKET_PATH = 100;
/** Socket to which workers forward requests that are not for them. */
const SUPERVISOR_SOCKET = 'supervisor.sock';

/**
 * Starts a node of several processes: this one runs the database, the ports and the bus, and `config.workers` others serve clients. Nothing
 * in the workers' memory is irreplaceable; when one ends, its clients reconnect to another.
 * @throws the error of the part that cannot start; everything started before it is closed again
 */
export async function startSupervisor(config: Config, { clock, random, log, webFolder }: SupervisorDeps & { webFolder?: string | undefined }): Promise<RunningNode> {
  let pool: WorkerPool | undefined;
  let taken: TakenDatabase | undefined;
  let maintenance: MaintenanceWatch | undefined;
  const renderAll = async (own: Metrics): Promise<string> => {
    const workers = pool?.workers ?? [];
    const texts = await Promise.all([own.render(), ...workers.map((worker) => worker.renderMetrics())]);
    const names = ['supervisor', ...workers.map(({ name }) => name)];
    return mergeMetrics(new Map(names.map((name, index) => [name, texts[index]!])));
  };
  const front = await openFront(config, {
    clock,
    maintenance: () => maintenance?.describe(),
    log,
    webFolder,
    obstacle() {
      if (taken?.lease.isAnswering === false) return 'the database does not answer';
      return pool && pool.readyCount > 0 ? undefined : 'no worker serves';
    },
    renderMetrics: renderAll,
  });
  const { lifecycle, metrics, pages, say } = front;
  try {
    say('starting the database');
    const engine = await openEngine({ config, log, clock, metrics, say });
    lifecycle.own('database', engine);
    await lifecycle.start();
    const prepared = await prepareDatabase(lifecycle, { config, url: engine.url, clock, random, log, metrics, say });
    taken = prepared.taken;
    const { lease } = taken;
    const asked = await openDatabase({ url: engine.url, poolSize: 1, log, clock, random });
    lifecycle.own('connection for maintenance', asked);
    maintenance = await watchMaintenance({ db: asked, clock, log });
    lifecycle.own('maintenance', maintenance);
    await lifecycle.start();
    void lease.lost.then((reason) => {
      pool?.broadcast({ kind: 'lost', reason: reason.message });
      front.fail(reason);
    });
    const { keys } = prepared;

    const relay = openRelay(lifecycle, { config, secret: relaySecret(keys), log, metrics, onListening: (port) => pool?.broadcast({ kind: 'relay', port }) });
    say('starting workers');
    const runDir = await makeRunDir(config.dataDir);
    lifecycle.add({ name: 'sockets of workers', stop: () => rm(runDir, { recursive: true, force: true }) });
    const started = new WorkerPool({
      file: workerFile('server-worker'),
      clock,
      log,
      starts: listStarts(config, { databaseUrl: engine.url, incarnation: lease.incarnation }, runDir),
      welcome: () => describeRight(prepared.taken, log.level),
      renderAll: () => renderAll(metrics),
      async beginRelay() {
        await relay?.begin();
        return relay?.port ?? 0;
      },
      onClosed: (connection) => acceptor.closed(connection),
    });
    pool = started;
    const trusted = new TrustedProxies(config.trustedProxies);
    const acceptor = new Acceptor({
      config,
      clock,
      log,
      trusted,
      httpServer: front.httpServer,
      serves: (route) => started.chooseByRoute(route) !== undefined,
      hand: (connection) => started.hand(connection),
    });
    const serve = (request: IncomingMessage, response: ServerResponse, client = clientOfRequest(request, trusted)): boolean => {
      if (isApiPath(request.url)) handOnRequest(request, response, (packet) => started.chooseByPacket(packet)?.httpPath, client);
      else {
        const route = findDomainRoute(request.url);
        if (!route) return false;
        const socketPath = started.chooseByRoute(route)?.httpPath;
        if (socketPath === undefined && route.isBotApi === true) sendUnavailable(response);
        else if (socketPath === undefined) response.writeHead(503, { 'Retry-After': 1, Connection: 'close', 'Content-Length': 0 }).end();
        else forwardRequest(request, response, { to: { socketPath }, client });
      }
      return true;
    };
    front.serve(serve);
    // Only the workers can reach this socket.
    const door = createTimedServer(clock, (request, response) => {
      const client = JSON.parse(String(request.headers[CLIENT_HEADER])) as ClientAddress;
      if (!serve(request, response, client)) pages(request, response);
    });
    lifecycle.add({
      name: 'door of the supervisor',
      start: () => new Promise<void>((resolve, reject) => void door.once('error', reject).listen(join(runDir, SUPERVISOR_SOCKET), resolve)),
      stop() {
        door.close();
        door.closeAllConnections();
      },
    });
    lifecycle.add({ name: 'workers', start: () => started.start(), drain: () => started.stop(config.drainTimeoutMs), stop: () => started.stop(0) });
    // Workers write only while they get this message, so a supervisor that hangs does not keep its workers writing.
    lease.listen(() => {
      if (lease.isAnswering) started.broadcast(describeRight(prepared.taken, log.level));
    });
    let wasFull = false;
    const disk = clock.setInterval(() => {
      const [database, files] = [engine.refusal()?.message, engine.filesRefusal()?.message];
      const isFull = database !== undefined || files !== undefined;
      // Repeated while the disk is full, because a worker may have been started since.
      if (isFull || wasFull) started.broadcast({ kind: 'disk', database, files });
      wasFull = isFull;
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
    addBackups(lifecycle, { config, url: engine.url, clock, log, metrics });
    await lifecycle.start();
    const publicKeys = keys.publicKeys.map(({ pem, fingerprint }) => ({ pem, fingerprint: fingerprint.toString() }));
    return await front.announce(mtproto!, publicKeys);
  } catch (error) {
    await lifecycle.stop();
    throw error;
  }
}

/** Creates the directory of the workers' sockets: in the data directory, unless that path is too long for a socket. */
async function makeRunDir(dataDir: string): Promise<string> {
  const runDir = join(resolve(dataDir), 'run');
  if (Buffer.byteLength(join(runDir, 'worker-00.sock')) > MAX_SOCKET_PATH) return mkdtemp(join(tmpdir(), 'aerogram-'));
  // An earlier supervisor that was killed may have left its sockets.
  await rm(runDir, { recursive: true, force: true });
  await mkdir(runDir, { recursive: true, mode: 0o700 });
  return runDir;
}

interface PrepareDeps extends SupervisorDeps {
  config: Config;
  url: string;
  metrics: Metrics;
  say(progress: string): void;
}

/** Takes the serving lease, migrates the schema and reads the keys, using a few connections that are closed afterwards. */
async function prepareDatabase(lifecycle: Lifecycle, { config, url, clock, random, log, metrics, say }: PrepareDeps): Promise<{ taken: TakenDatabase; keys: ServerKeys }> {
  await using db = await openDatabase({ url, poolSize: 2, log, clock, random }).catch((error: unknown) => {
    throw explainUnreachable(error, config.databaseUrl);
  });
  const taken = await takeDatabase(lifecycle, { config, db, url, log, metrics, say });
  await claimFiles({ config, db, log });
  say('loading keys');
  return { taken, keys: await openServerKeys({ dataDir: config.dataDir, db, log }) };
}

/** The message that workers must get repeatedly. */
function describeRight({ lease, watch }: TakenDatabase, logLevel: string): ToWorker {
  return { kind: 'right', logLevel, ageMs: lease.ageMs, timeline: lease.timeline, doubts: { steady: watch.doubt('steady'), proven: watch.doubt('proven') } };
}

/** The start message of each worker: its share of limits that are counted per process, and the jobs for the first one. */
function listStarts(config: Config, shared: Pick<WorkerProcessDeps['start'], 'databaseUrl' | 'incarnation'>, runDir: string): WorkerProcessDeps['start'][] {
  const { workers } = config;
  const maxHandshakesPerAddress = Math.ceil(config.maxHandshakesPerAddress / workers);
  return Array.from({ length: workers }, (_, index) => {
    const process = `worker-${index + 1}`;
    const roles = index === 0 ? config.roles : config.roles.filter((role) => role !== 'jobs');
    return {
      kind: 'start',
      config: { ...config, roles, maxHandshakesPerAddress },
      ...shared,
      process,
      slot: index,
      httpPath: join(runDir, `${process}.sock`),
      supervisorPath: join(runDir, SUPERVISOR_SOCKET),
    };
  });
}
