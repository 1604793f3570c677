import { Socket } from 'node:net';
import { createLinkedBus, type LinkedBus } from '@aerogram/bus';
import { type Gateway, nameClient } from '@aerogram/gateway';
import { type ClockDoubt, type ClockNeed, ClockWatch, createLogger, createMetrics, Lifecycle, type Logger, systemClock, systemRandom, TrustedProxies } from '@aerogram/runtime';
import { DiskFull, holdsAlone, LeaseGate, openDatabase } from '@aerogram/storage';
import { watchMaintenance } from '@aerogram/domain';
import type { AdminCommands } from '../http/admin/admin-commands.ts';
import { addServing } from '../add-serving.ts';
import { busWithLosses } from '../bus-with-losses.ts';
import { WRITTEN_ON_A_FULL_DISK } from '../open-storage.ts';
import { openTracer } from '../open-tracer.ts';
import { FIRST_BUS_FD, type ToSupervisor, type ToWorker } from './control.ts';
import { attachSocket, type SocketHandle } from './detach-socket.ts';
import { SupervisorMetrics } from './supervisor-metrics.ts';
import { openWorkerRelay, type SupervisorRelay } from './supervisor-relay.ts';
import { WorkerDoor } from './worker-door.ts';

/** Interval in which ended connections are reported together, in milliseconds. */
const CLOSED_EVERY_MS = 100;

type Start = Extract<ToWorker, { kind: 'start' }>;

/**
 * Runs a worker: waits for messages of the supervisor that forked this process, serves, and exits when told to, or at once when the
 * supervisor is gone.
 * @param adminCommands what admins can do on the admin page
 */
export function runWorker(adminCommands: AdminCommands = {}): void {
  // Ctrl-C reaches all processes of a terminal; the supervisor decides when to stop.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => {});
  process.on('disconnect', () => process.exit(1));
  let worker: Promise<Worker> | undefined;
  let bus: LinkedBus | undefined;
  let log: Logger | undefined;
  const right = new Right();
  process.on('message', (message: ToWorker, handle: unknown) => {
    if (message.kind === 'start') {
      log = createLogger({ level: message.config.logLevel }).child({ process: message.process });
      bus = createLinkedBus({ log });
      for (let n = 0; n < message.peers; n++) bus.join(new Socket({ fd: FIRST_BUS_FD + n, readable: true, writable: true }));
      worker = startWorker(message, { bus, log, right, adminCommands });
      worker.then(() => send({ kind: 'ready' }), fail);
    } else if (message.kind === 'right') {
      // Also while the worker starts, because its writes wait for this.
      right.heard(message);
      if (log) log.level = message.logLevel;
    } else if (message.kind === 'lost') {
      right.gate.close(new Error(message.reason));
    } else if (message.kind === 'peer') {
      bus?.join(attachSocket(handle as SocketHandle));
    } else {
      worker?.then((started) => started.hear(message, handle as SocketHandle | undefined)).catch(fail);
    }
  });
}

function send(message: ToSupervisor): void {
  if (process.connected) process.send?.(message);
}

function fail(error: unknown): void {
  send({ kind: 'failed', reason: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  setImmediate(() => process.exit(1));
}

interface Worker {
  hear(message: ToWorker, handle: SocketHandle | undefined): void;
}

/** What the supervisor reports about the serving lease and the clock. */
class Right {
  readonly gate = new LeaseGate(systemClock);
  /** Detects a jump of the clock before the supervisor reports it. */
  readonly #watch = new ClockWatch(systemClock);
  /** See `Primary`. */
  timeline: string | undefined;
  /** Called when another server has become the primary of the database. */
  onPrimary = (): void => {};
  #doubts: Partial<Record<ClockNeed, string | undefined>> = {};

  readonly doubt: ClockDoubt = (need) => this.#watch.doubt(need) ?? this.#doubts[need];

  heard({ ageMs, timeline, doubts }: Extract<ToWorker, { kind: 'right' }>): void {
    this.#doubts = doubts;
    const isOther = this.timeline !== undefined && this.timeline !== timeline;
    this.timeline = timeline;
    if (isOther) this.onPrimary();
    this.gate.renewed(systemClock.monotonicMs() - ageMs);
  }
}

interface WorkerParts {
  bus: LinkedBus;
  log: Logger;
  right: Right;
  adminCommands: AdminCommands;
}

async function startWorker({ config, databaseUrl, incarnation, process: name, slot, httpPath, supervisorPath }: Start, { bus: linked, log, right, adminCommands }: WorkerParts): Promise<Worker> {
  const [clock, random] = [systemClock, systemRandom];
  process.on('unhandledRejection', (reason) => log.error({ err: reason }, 'a rejection was not handled'));
  const metrics = createMetrics({ process: true });
  const lifecycle = new Lifecycle({ log, clock, drainTimeoutMs: config.drainTimeoutMs });
  const say = (words: string): void => send({ kind: 'progress', words });
  const disk: { database?: DiskFull | undefined; files?: DiskFull | undefined } = {};
  let hasDomain = false;
  try {
    lifecycle.own('metrics', metrics);
    lifecycle.own('bus', linked);
    const tracer = await openTracer({ config, process: () => name, log, metrics });
    if (tracer) lifecycle.own('traces', tracer);
    const db = await openDatabase({
      url: databaseUrl,
      poolSize: config.databasePoolSize,
      log,
      clock,
      random,
      metrics,
      refusal: (transaction = '') => (hasDomain && !WRITTEN_ON_A_FULL_DISK.has(transaction) ? disk.database : undefined),
      gate: () => right.gate.gate(),
      incarnation: () => incarnation,
      primary: { timeline: () => right.timeline },
    });
    lifecycle.own('database', db);
    await lifecycle.start();
    const losses = busWithLosses(linked, (topic, hint) => linked.decide(topic, hint));
    right.onPrimary = () => {
      db.leaveFormerPrimary();
      losses.tell();
    };
    const owner = {
      claim: (authKeyId: bigint) => send({ kind: 'claim', authKeyId }),
      release: (authKeyId: bigint) => send({ kind: 'release', authKeyId }),
    };
    const shared = { owner, process: name };
    const onDomain = (): void => {
      hasDomain = true;
    };
    const all = new SupervisorMetrics(clock, () => send({ kind: 'all metrics' }));
    const maintenance = await watchMaintenance({ db, clock, log });
    lifecycle.own('maintenance', maintenance);
    let relay: SupervisorRelay | undefined;
    const openRelay = (secret: string): SupervisorRelay | undefined => (relay = openWorkerRelay(config, secret, send));
    const { gateway, domainHandler } = await addServing(lifecycle, { openRelay, isReadOnly: () => maintenance.isOn(), config, clock, random, log, metrics, tracer, db, filesRefusal: () => disk.files, bus: losses.bus, holder: holdsAlone(incarnation, () => right.gate.mayWrite()), doubt: right.doubt, shared, slot, adminCommands, renderMetrics: () => all.render(), say, onDomain });
    const door = new WorkerDoor({ gateway, domain: domainHandler, slot, workers: config.workers, clock, trusted: new TrustedProxies(config.trustedProxies), httpPath, supervisorPath });
    lifecycle.add({
      name: 'gateway',
      start: () => door.listen(),
      drain: (signal) => gateway.drain(signal),
      async stop() {
        door.stop();
        await gateway[Symbol.asyncDispose]();
      },
    });
    await lifecycle.start();
    const connections = new Connections(gateway, door, log);
    lifecycle.own('connections', connections);
    await lifecycle.start();
    return {
      hear(message, handle) {
        switch (message.kind) {
          case 'connection':
            return handle && connections.take(message, handle);
          case 'disk':
            disk.database = refusalOf(message.database);
            disk.files = refusalOf(message.files);
            return;
          case 'disown':
            return gateway.disown(message.authKeyId);
          case 'metrics': {
            const { id } = message;
            metrics.render().then((text) => send({ kind: 'metrics', id, text }), () => send({ kind: 'metrics', id, text: '' }));
            return;
          }
          case 'relay':
            return relay?.heard(message);
          case 'all metrics':
            return all.heard(message.text);
          case 'ping':
            return send({ kind: 'pong' });
          case 'stop':
            lifecycle.stop().then(() => process.exit(0), fail);
            return;
          case 'start':
          case 'right':
          case 'lost':
          case 'peer':
        }
      },
    };
  } catch (error) {
    await lifecycle.stop();
    throw error;
  }
}

function refusalOf(words: string | undefined): DiskFull | undefined {
  return words === undefined ? undefined : new DiskFull(words);
}

/** The connections passed on by the supervisor; reports when they end. */
class Connections implements Disposable {
  readonly #gateway: Gateway;
  readonly #door: WorkerDoor;
  readonly #log: Logger;
  #closed: number[] = [];
  readonly #timer;

  constructor(gateway: Gateway, door: WorkerDoor, log: Logger) {
    this.#gateway = gateway;
    this.#door = door;
    this.#log = log;
    this.#timer = systemClock.setInterval(() => this.#tell(), CLOSED_EVERY_MS);
  }

  take({ id, transport, bytes, client }: Extract<ToWorker, { kind: 'connection' }>, handle: SocketHandle): void {
    send({ kind: 'took', id });
    const socket = attachSocket(handle);
    socket.once('close', () => this.#closed.push(id));
    nameClient(socket, client);
    try {
      if (transport === 'stream') this.#gateway.takeStream(socket, bytes);
      else if (transport === 'websocket') this.#gateway.takeWebSocket(socket, bytes);
      else this.#door.take(socket, bytes);
    } catch (error) {
      // An internal error closes one connection, not the worker.
      this.#log.error({ err: error }, 'a connection could not be taken over');
      socket.destroy();
    }
  }

  #tell(): void {
    if (this.#closed.length > 0) send({ kind: 'closed', ids: this.#closed.splice(0) });
  }

  [Symbol.dispose](): void {
    this.#timer.cancel();
  }
}
