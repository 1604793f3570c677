import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import { availableParallelism } from 'node:os';
import { createInProcessBus } from '@aerogram/bus';
import { deriveNodeKeys } from '@aerogram/cdn-protocol';
import { createGateway, type Gateway, type UpdatePusher } from '@aerogram/gateway';
import { createCryptoPool, createPacketPool } from '@aerogram/mtproto';
import { ByteBudget, type Clock, createMetrics, type Endpoint, Lifecycle, listenOn, type Logger, type Metrics, type Random, workerFile } from '@aerogram/runtime';
import { accountOf, createCdnCalls } from './cdn-calls.ts';
import { CdnFiles } from './cdn-files.ts';
import { cdnCacheBytes, cdnCacheWindows } from './cdn-metrics.ts';
import { claimDirectory } from './claim-directory.ts';
import { ClientNetworks } from './client-networks.ts';
import { divideMemory, type MemoryShares } from './divide-memory.ts';
import { Lease } from './lease.ts';
import { MemoryKeys } from './memory-keys.ts';
import { type CdnFile, type NodeIdentity, openIdentity, removeCdnFile, writeCdnFile } from './node-files.ts';
import { PushGuard } from './push-guard.ts';
import { createPushPort } from './push-port.ts';

export interface CdnOptions {
  dataDir: string;
  client: Endpoint;
  push: Endpoint;
  /** Memory for content, keys and answers, in bytes. */
  memory: number;
  clock: Clock;
  random: Random;
  log: Logger;
}

/** A running node. */
export interface RunningCdn {
  readonly info: CdnFile;
  /** Lets running calls finish, closes everything and deletes `cdn.json`. */
  stop(): Promise<void>;
}

const DRAIN_TIMEOUT_MS = 10_000;
const SWEEP_EVERY_MS = 10_000;
/** A window that nobody asked for during this time is dropped. */
const MAX_IDLE_MS = 3600_000;
/** Messages of two minutes that are remembered, of about a hundred bytes each. */
const MAX_MESSAGES = 50_000;
/** How much more clients may hold that hold nothing yet. */
const ROOM_FACTOR = 2;
/** How long data may stay queued that a client does not read, in milliseconds: it takes room from others. */
const MAX_UNREAD_MS = 15_000;

const MAX_CONNECTIONS_PER_ADDRESS = 256;
const MAX_HANDSHAKES_PER_ADDRESS = 120;
/** A node answers no request of more than 16 KiB; clients put several calls and acknowledgements into one packet. */
const MAX_PACKET_BYTES = 32 * 1024;

/** A node has no updates. */
const NO_UPDATES: UpdatePusher = {
  attach: () => Promise.resolve(),
  detach: () => {},
  answered: () => undefined,
  repairAll: () => Promise.resolve(),
};

interface Parts extends CdnOptions {
  identity: NodeIdentity;
  metrics: Metrics;
  shares: MemoryShares;
}

/** Starts a CDN node. @throws OperatorError when a port cannot be opened, or another node serves from the directory */
export async function startCdn(options: CdnOptions): Promise<RunningCdn> {
  const { dataDir, clock, log } = options;
  const lifecycle = new Lifecycle({ log, clock, drainTimeoutMs: DRAIN_TIMEOUT_MS });
  lifecycle.own('claim of the directory', await claimDirectory(dataDir));
  await lifecycle.start();
  try {
    const identity = await openIdentity(dataDir);
    const metrics = createMetrics({ process: true });
    lifecycle.own('metrics', metrics);
    const parts: Parts = { ...options, identity, metrics, shares: divideMemory(options.memory) };
    const keys = deriveNodeKeys(identity.secret);
    const lease = new Lease(clock);
    const files = new CdnFiles({ tokenKey: keys.token, clock, lease, bytes: parts.shares.cacheBytes, maxIdleMs: MAX_IDLE_MS });
    const gateway = await addGateway(lifecycle, files, parts);
    const endpoints = addPorts(lifecycle, { gateway, push: addPushPort(files, lease, keys.push, parts) }, options);
    const sweeping = clock.setInterval(() => files.cache.dropIdle(), SWEEP_EVERY_MS);
    lifecycle.add({ name: 'expiry of windows', stop: () => sweeping.cancel() });
    await lifecycle.start();
    const info = describe(identity, endpoints);
    lifecycle.add({ name: 'cdn.json', start: () => writeCdnFile(dataDir, info), drain: () => removeCdnFile(dataDir) });
    await lifecycle.start();
    return { info, stop: () => lifecycle.stop() };
  } catch (error) {
    await lifecycle.stop();
    throw error;
  }
}

async function addGateway(lifecycle: Lifecycle, files: CdnFiles, { identity, metrics, shares, client, clock, random, log }: Parts): Promise<Gateway> {
  const cryptoPool = await createCryptoPool({
    workerFile: workerFile('crypto-worker'),
    threads: 1,
    keys: identity.keys.keys,
    onCrash: (error) => log.error({ err: error }, 'crypto worker died'),
  });
  lifecycle.own('crypto worker', cryptoPool);
  const packetPool = createPacketPool({
    workerFile: workerFile('packet-worker'),
    threads: Math.max(1, availableParallelism() - 1),
    onCrash: (error) => log.error({ err: error }, 'packet worker died'),
  });
  lifecycle.own('packet workers', packetPool);
  const networks = new ClientNetworks(shares.keys);
  // Anybody can make keys, each of which is an owner for the budget.
  const room = new ByteBudget(shares.roomBytes, { most: ROOM_FACTOR * shares.roomBytes, groupOf: (owner) => networks.find(owner) });
  const store = new MemoryKeys(shares.keys, clock);
  return createGateway({
    config: {
      ...client,
      dcIds: [],
      homeDcId: 0,
      maxConnections: shares.connections,
      maxConnectionsPerAddress: MAX_CONNECTIONS_PER_ADDRESS,
      maxHandshakesPerAddress: MAX_HANDSHAKES_PER_ADDRESS,
      maxSessionsPerKey: 16,
      idleTimeoutMs: 300_000,
      pushQueueBytes: 65_536,
      webOrigins: [],
      trustedProxies: [],
    },
    capacity: { sessions: shares.keys, idleKeys: shares.keys },
    packetLimit: MAX_PACKET_BYTES,
    limits: { congestedMs: MAX_UNREAD_MS },
    fingerprints: identity.keys.fingerprints,
    cryptoPool,
    packetPool,
    parts: room,
    authKeyStore: store,
    callers: { findKeyState: (id) => Promise.resolve(store.has(id) ? { userId: accountOf(id), layer: undefined, revoked: false } : undefined) },
    dispatcher: createCdnCalls({ files, room, networks, clock, metrics }),
    pusher: NO_UPDATES,
    bus: createInProcessBus(),
    clock,
    random,
    log,
    metrics,
  });
}

function addPushPort(files: CdnFiles, lease: Lease, key: Uint8Array, { identity, metrics, clock }: Parts): Server {
  const boot = randomBytes(16).toString('hex');
  const { cache } = files;
  return createPushPort({
    key,
    guard: new PushGuard({ key, boot, clock, most: MAX_MESSAGES }),
    files,
    lease,
    metrics,
    health: () => ({ status: 'ok', id: identity.id, boot, hears_origin: lease.isValid, ticket: lease.giveTicket(), windows: cache.windows, bytes: cache.bytes }),
    renderMetrics() {
      metrics.gauge(cdnCacheBytes).set(cache.bytes);
      metrics.gauge(cdnCacheWindows).set(cache.windows);
      return metrics.render();
    },
  });
}

/** Adds both ports. @returns where they are, once they are open */
function addPorts(lifecycle: Lifecycle, { gateway, push }: { gateway: Gateway; push: Server }, options: CdnOptions): { client?: Endpoint; push?: Endpoint } {
  const opened: { client?: Endpoint; push?: Endpoint } = {};
  lifecycle.add({
    name: 'push port',
    async start() {
      opened.push = await listenOn(push, options.push, '--push-port');
    },
    stop: () => closeServer(push),
  });
  lifecycle.add({
    name: 'client port',
    async start() {
      opened.client = await gateway.listen();
    },
    drain: (signal) => gateway.drain(signal),
    stop: async () => gateway[Symbol.asyncDispose](),
  });
  return opened;
}

function describe({ id, keys }: NodeIdentity, { client, push }: { client?: Endpoint; push?: Endpoint }): CdnFile {
  const { pem, fingerprint } = keys.publicKeys[0]!;
  return { pid: process.pid, id, client: client!, push: push!, public_key: { pem, fingerprint: fingerprint.toString() } };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
