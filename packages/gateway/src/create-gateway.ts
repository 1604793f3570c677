import { randomBytes } from 'node:crypto';
import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Bus } from '@aerogram/bus';
import { type AuthKeyStore, DEFAULT_PACKET_LIMIT, Greetings, type HandshakeCrypto, type PacketCrypto, SaltSource, ServerMessageIds } from '@aerogram/mtproto';
import type { Dispatcher } from '@aerogram/rpc';
import { type ByteBudget, type Clock, type Config, type Endpoint, type Logger, type Metrics, pause, type Random, TrustedProxies } from '@aerogram/runtime';
import { Accounts } from './accounts.ts';
import { CallRunner } from './call-runner.ts';
import { GatewayMetrics } from './gateway-metrics.ts';
import type { ClientAddress } from './client-address.ts';
import type { ConnectionLimits, GatewayServices } from './gateway-services.ts';
import { HttpEndpoint } from './http/http-endpoint.ts';
import type { KeyOwner } from './key-owner.ts';
import type { SessionRegistry, UpdatePusher } from './live-session.ts';
import { PacketRouter } from './packet-router.ts';
import { KeyMoves } from './relay/key-moves.ts';
import type { OtherNodes } from './relay/other-nodes.ts';
import { RelayDoor } from './relay-door.ts';
import { KeyDirectory } from './sessions/key-directory.ts';
import { type CallerSource, Receivers } from './sessions/receivers.ts';
import { SessionTable } from './sessions/session-table.ts';
import { AddressLimits } from './sockets/address-limits.ts';
import { FlushQueue } from './sockets/flush-queue.ts';
import { OpenConnections } from './sockets/open-connections.ts';
import { SocketAdmission } from './sockets/socket-admission.ts';
import { type HttpHandler, TcpEntry } from './sockets/tcp-entry.ts';
import { Scheduler } from './scheduler.ts';

export type GatewayConfig = Pick<
  Config,
  | 'host'
  | 'port'
  | 'dcIds'
  | 'homeDcId'
  | 'maxConnections'
  | 'maxConnectionsPerAddress'
  | 'maxHandshakesPerAddress'
  | 'maxSessionsPerKey'
  | 'idleTimeoutMs'
  | 'pushQueueBytes'
  | 'webOrigins'
  | 'trustedProxies'
>;

export interface GatewayDeps {
  config: GatewayConfig;
  /** Fingerprints of the server's RSA keys, the preferred one first; `cryptoPool` holds the private keys. */
  fingerprints: readonly bigint[];
  cryptoPool: HandshakeCrypto;
  packetPool: PacketCrypto;
  /** Bounds the bytes of long packets that are on the way; the dispatcher's too. */
  parts: ByteBudget;
  authKeyStore: AuthKeyStore;
  /** Looks up the user of a key after a hint that it changed: `domain.auth`. */
  callers: CallerSource;
  dispatcher: Dispatcher;
  /**
   * Created from the session registry: the pusher looks up sessions there, and the gateway reports attached and detached sessions to it.
   */
  pusher: UpdatePusher;
  bus: Bus;
  clock: Clock;
  random: Random;
  log: Logger;
  metrics: Metrics;
  /** Handles the HTTP requests on the MTProto port that are not MTProto. By default they are answered with 404. */
  httpHandler?: HttpHandler;
  /** Set when several processes share the keys: the object that is told which keys this process serves, and the name of this process. */
  shared?: { owner?: KeyOwner; process: string };
  /** Set when other nodes serve some of the keys; they take their connections by `shared` too. */
  nodes?: OtherNodes | undefined;
  /** Sessions and idle keys that may be in memory, where the built-in numbers are too many. */
  capacity?: { sessions: number; idleKeys: number };
  /** The longest packet that clients may send, in bytes, where they have no reason to send long ones. What has come of one is in memory. */
  packetLimit?: number;
  /** Overrides of the built-in time limits, for tests. */
  limits?: Partial<ConnectionLimits>;
}

/** Accepts connections, keeps sessions, and passes calls and answers between them and the dispatcher. */
export interface Gateway extends AsyncDisposable {
  readonly sessions: SessionRegistry;
  /** Opens the MTProto port. @throws OperatorError when the port cannot be opened */
  listen(): Promise<Endpoint>;
  /** Also serves MTProto over WebSockets on another HTTP server. Upgrades of that server to other paths are refused. */
  attachWebSocket(server: HttpServer): void;
  /**
   * Serves the MTProto paths of another HTTP server by the HTTP transport.
   * @param client the client's addresses, if another process has found them out
   * @returns false when the request is not for MTProto
   */
  handleHttp(request: IncomingMessage, response: ServerResponse, client?: ClientAddress): boolean;
  /** Takes over a stream that another process accepted and counts. @param bytes what that process has already read from it */
  takeStream(socket: Socket, bytes: Uint8Array): void;
  /** Takes over a WebSocket that another process accepted and counts. @param bytes what that process has already read from it */
  takeWebSocket(socket: Socket, bytes: Uint8Array): void;
  /** Called when another process serves this key: ends its sessions and connections here. */
  disown(authKeyId: bigint): void;
  /** Stops serving the keys that belong to other nodes by now. Their clients' connections stay. */
  giveUpKeys(): Promise<void>;
  /** Closes the connections that there are one after the other, within LEAVING_MS, while new ones are accepted. @param signal aborts it */
  closeGradually(signal: AbortSignal): Promise<void>;
  /** Stops accepting, lets running requests finish, sends what is queued, and closes. @param signal aborts the wait and closes at once */
  drain(signal?: AbortSignal): Promise<void>;
}

/** How often it is looked whether all connections are closed, in milliseconds. */
const CLOSING_POLL_MS = 10;

const WATCH_EVERY_MS = 1000;
const OWED_EVERY_MS = 200;
const DEFAULT_CAPACITY = { sessions: 500_000, idleKeys: 50_000 };

const DEFAULT_LIMITS: Omit<ConnectionLimits, 'idleTimeoutMs'> = {
  firstPacketMs: 20_000,
  firstKeyMs: 120_000,
  packetMs: 120_000,
  congestedMs: 60_000,
  lingerMs: 5_000,
  maxSocketsPerKey: 128,
};

/**
 * Creates the gateway; no port is open before `listen`. The salts of its sessions derive from a secret created here, so packets recorded
 * before a restart cannot be replayed.
 */
export function createGateway(deps: GatewayDeps): Gateway {
  const { config, clock, random, log, bus, pusher, authKeyStore: store, capacity = DEFAULT_CAPACITY } = deps;
  const metrics = new GatewayMetrics(deps.metrics);
  const connections = new OpenConnections();
  const accounts = new Accounts();
  const addresses = new AddressLimits(config);
  const trusted = new TrustedProxies(config.trustedProxies);
  const flushes = new FlushQueue();
  const scheduler = new Scheduler();
  const receivers = new Receivers({ pusher, callers: deps.callers, bus, clock, log, shared: deps.shared });
  const table = new SessionTable({
    clock,
    random,
    metrics,
    receivers,
    maxSessions: capacity.sessions,
    maxSessionsPerKey: config.maxSessionsPerKey,
    limits: { queuedBytes: config.pushQueueBytes },
    parts: deps.parts,
    log,
  });
  const keys = new KeyDirectory({
    store,
    bus,
    salts: new SaltSource(randomBytes(32)),
    maxIdle: capacity.idleKeys,
    onGone: (entry) => router.end(entry, 'key-ended'),
    owner: deps.shared?.owner,
  });
  const calls = new CallRunner({ dispatcher: deps.dispatcher, keys, receivers, pusher, clock, log, scheduler });
  const router = new PacketRouter({ clock, log, keys, store, table, calls });
  const { dcIds, homeDcId } = config;
  const services: GatewayServices = {
    clock,
    random,
    log,
    metrics,
    limits: { ...DEFAULT_LIMITS, idleTimeoutMs: config.idleTimeoutMs, ...deps.limits },
    addresses,
    admission: new SocketAdmission({ addresses, trusted, clock, log, onRefused: (reason) => metrics.refused(reason) }),
    trusted,
    connections,
    flushes,
    scheduler,
    keys,
    table,
    router,
    handshake: { fingerprints: deps.fingerprints, crypto: deps.cryptoPool, store, clock, random, dcIds, homeDcId, greetings: new Greetings(random, clock) },
    packets: deps.packetPool,
    accounts,
    nodes: deps.nodes,
    parts: deps.parts,
    packetLimit: deps.packetLimit ?? DEFAULT_PACKET_LIMIT,
    webOrigins: config.webOrigins,
    plainIds: new ServerMessageIds(),
  };
  const endpoint = new HttpEndpoint(services);
  const entry = new TcpEntry(services, endpoint, deps.httpHandler ?? answerNotFound);
  const moves = deps.nodes && new KeyMoves({ nodes: deps.nodes, keys, table, calls, clock });
  const door = new RelayDoor(services, endpoint);
  deps.nodes?.onChannel((channel, hello) => door.accept(channel, hello));
  const timers = [
    clock.setInterval(() => {
      const nowMs = clock.nowMs();
      connections.watch(clock.monotonicMs());
      endpoint.watch(nowMs);
      table.sweep(nowMs);
      for (const entry of keys.takeEnded(nowMs)) router.end(entry, 'key-ended');
      keys.sweep(nowMs);
      addresses.sweep(nowMs);
      accounts.sweep();
      metrics.flush({ connected: table.size - table.away, away: table.away }, deps.parts);
    }, WATCH_EVERY_MS),
    clock.setInterval(() => table.sendOwed(clock.nowMs()), OWED_EVERY_MS),
  ];

  const closeAll = async (end: boolean, signal?: AbortSignal): Promise<void> => {
    endpoint.close();
    flushes.run();
    for (const connection of connections) connection.close('shutdown', { end });
    // Each connection leaves the set when its pipe is closed; the timer closes those that linger.
    while (end && connections.size > 0 && signal?.aborted !== true) await pause(clock, CLOSING_POLL_MS);
  };
  let draining: Promise<void> | undefined;

  const drain = async (signal?: AbortSignal): Promise<void> => {
    void entry.stop();
    door.stop();
    endpoint.stop();
    for (const connection of connections) connection.stopReading();
    await Promise.race([calls.idle(), aborted(signal)]);
    await closeAll(true, signal);
  };

  return {
    sessions: table,
    listen: () => entry.listen(config),
    attachWebSocket: (server) => entry.webSockets.attach(server),
    handleHttp: (request, response, client) => endpoint.handle(request, response, client),
    takeStream: (socket, bytes) => entry.take(socket, bytes),
    takeWebSocket: (socket, bytes) => entry.webSockets.take(socket, bytes),
    disown: (authKeyId) => router.disown(authKeyId),
    giveUpKeys: async () => moves?.giveUp(),
    closeGradually: (signal) => connections.closeGradually(clock, signal),
    drain: (signal) => (draining ??= drain(signal)),
    async [Symbol.asyncDispose]() {
      const stopped = entry.stop();
      door.stop();
      await closeAll(false);
      await stopped;
      entry[Symbol.dispose]();
      for (const timer of timers) timer.cancel();
      receivers[Symbol.dispose]();
      keys[Symbol.dispose]();
      table[Symbol.dispose]();
      flushes[Symbol.dispose]();
      scheduler[Symbol.dispose]();
    },
  };
}

function answerNotFound(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  response.writeHead(404, { 'Content-Length': 0 }).end();
}

/** Resolves when the signal fires. Without a signal it never resolves. */
function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) resolve();
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}
