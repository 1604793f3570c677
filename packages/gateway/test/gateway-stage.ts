import { createInProcessBus } from '@aerogram/bus';
import { openMessage, type RsaPrivateKey } from '@aerogram/crypto';
import {
  type AuthKeyRecord,
  type CreatedKey,
  type AuthKeyStore,
  createAuthKey,
  createHandshakeOperations,
  generateServerKey,
  type HandshakeCrypto,
  type HandshakeOperations,
  type PacketCrypto,
  sealHere,
} from '@aerogram/mtproto';
import { type ClientKey, RawClient, type RawClientOptions } from '@aerogram/mtproto/client';
import type { CallerState, Dispatcher, RpcAnswer, RpcCall } from '@aerogram/rpc';
import { ByteBudget, createFakeClock, createMetrics, seededRandom, silentLogger } from '@aerogram/runtime';
import type { mt } from '@aerogram/tl';
import { onTestFinished } from 'vitest';
import { createGateway, type Gateway, type GatewayConfig, type GatewayDeps } from '../src/create-gateway.ts';
import type { BoxStep, LiveSession, UpdatePusher } from '../src/live-session.ts';

/** A request that only the fake dispatcher knows, with a number to identify it. */
export function call(number: number, length = 8): Uint8Array {
  const body = Buffer.alloc(length);
  body.writeUInt32LE(0xaabbccdd, 0);
  body.writeUInt32LE(number, 4);
  return Uint8Array.from(body);
}

export function numberOf(body: Uint8Array): number {
  return Buffer.from(body.buffer, body.byteOffset, body.length).readUInt32LE(4);
}

/** Answers a call with itself unless a test says otherwise. */
export class FakeDispatcher implements Dispatcher {
  readonly calls: RpcCall[] = [];
  /** Sets the answer of calls with this number, and when they are answered. */
  readonly answers = new Map<number, (call: RpcCall) => Partial<RpcAnswer> | Promise<Partial<RpcAnswer>>>();
  readonly users = new Map<bigint, CallerState>();
  #heard: (() => void)[] = [];

  async dispatch(request: RpcCall): Promise<RpcAnswer> {
    this.calls.push(request);
    for (const heard of this.#heard.splice(0)) heard();
    const { authKeyId } = request.session;
    const caller = this.users.get(authKeyId) ?? { permAuthKeyId: authKeyId, userId: undefined, layer: undefined };
    const usual: Omit<RpcAnswer, 'costBytes'> = { body: request.body, method: 'updates.getState', error: undefined, boxSteps: [], withoutUpdates: false, caller };
    const change = await this.answers.get(numberOf(request.body))?.(request);
    return { ...usual, costBytes: (change?.body ?? usual.body).length, ...change };
  }

  /** Keeps calls with this number waiting. @returns a function that releases them and all later ones */
  hold(number: number): () => void {
    let release: () => void = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    this.answers.set(number, async () => {
      await released;
      return {};
    });
    return release;
  }

  /** Resolves when this many calls have arrived in total. */
  async heard(count: number): Promise<void> {
    while (this.calls.length < count) await new Promise<void>((resolve) => this.#heard.push(resolve));
  }
}

/** Records the pusher's calls. */
export class FakePusher implements UpdatePusher {
  readonly told: string[] = [];
  /** Awaited by `attach`. */
  gate: Promise<void> = Promise.resolve();

  async attach(session: LiveSession): Promise<void> {
    this.told.push(`attach ${session.userId} ${session.sessionId}`);
    await this.gate;
  }

  detach(session: LiveSession): void {
    this.told.push(`detach ${session.sessionId}`);
  }

  answered(session: LiveSession, steps: readonly BoxStep[]): undefined {
    this.told.push(`answered ${session.sessionId} ${steps.map((step) => step.pts).join()}`);
    return undefined;
  }

  repairAll(): Promise<void> {
    return Promise.resolve();
  }
}

/** Keys in memory; can be made to fail. */
export class MemoryKeyStore implements AuthKeyStore {
  readonly records = new Map<bigint, AuthKeyRecord>();
  broken = false;
  finds = 0;

  async find(authKeyId: bigint): Promise<AuthKeyRecord | undefined> {
    this.finds += 1;
    await Promise.resolve();
    if (this.broken) throw new Error('the store is away');
    return this.records.get(authKeyId);
  }

  async create(record: AuthKeyRecord): Promise<CreatedKey> {
    await Promise.resolve();
    if (this.broken) throw new Error('the store is away');
    this.records.set(record.authKeyId, record);
    return 'created';
  }

  async destroy(authKeyId: bigint): Promise<boolean> {
    await Promise.resolve();
    if (this.broken) throw new Error('the store is away');
    return this.records.delete(authKeyId);
  }
}

/** Settings of the gateway under test. */
export const GATEWAY_CONFIG: GatewayConfig = {
  host: '127.0.0.1',
  port: 0,
  dcIds: [1, 2, 3, 4, 5],
  homeDcId: 2,
  maxConnections: 1000,
  maxConnectionsPerAddress: 100,
  maxHandshakesPerAddress: 100,
  maxSessionsPerKey: 8,
  idleTimeoutMs: 300_000,
  pushQueueBytes: 65_536,
  webOrigins: ['*'],
  trustedProxies: [],
};

/** Opens and seals in this thread; the pool has its own tests. */
export const PACKETS_HERE: PacketCrypto = {
  openPacket: (authKey, packet) => Promise.resolve(openMessage(authKey, packet, 'to-server')),
  sealPacket: (packet) => Promise.resolve(sealHere(packet)),
  isFull: false,
};

let serverKey: Promise<RsaPrivateKey> | undefined;
let operations: HandshakeOperations | undefined;

/** Created once, and only if a test creates keys, because it takes 200 ms. */
function operationsOf(key: RsaPrivateKey): HandshakeOperations {
  operations ??= createHandshakeOperations([key], seededRandom('handshake'));
  return operations;
}

/** A gateway on loopback with fakes for everything behind it and a clock that the test advances. */
export class GatewayStage implements AsyncDisposable {
  readonly clock = createFakeClock();
  readonly random = seededRandom('gateway');
  readonly bus = createInProcessBus();
  readonly store = new MemoryKeyStore();
  readonly dispatcher = new FakeDispatcher();
  readonly pusher = new FakePusher();
  readonly metrics = createMetrics();
  readonly parts = new ByteBudget(64 * 1024 * 1024);
  readonly keyStates = new Map<bigint, { userId: bigint | undefined; layer: number | undefined; revoked: boolean }>();
  readonly publicKeys: RsaPrivateKey[];
  readonly gateway: Gateway;
  /** Clients that are still to be closed. */
  readonly #clients = new Set<RawClient>();
  port = 0;

  private constructor(key: RsaPrivateKey, change: Partial<GatewayDeps>) {
    this.publicKeys = [key];
    // In this thread; the worker pool has its own tests.
    const cryptoPool: HandshakeCrypto = {
      open: (fingerprint, encrypted) => Promise.resolve(operationsOf(key).open(fingerprint, encrypted)),
      agree: (secret, gB) => Promise.resolve(operationsOf(key).agree(secret, gB)),
    };
    this.gateway = createGateway({
      config: GATEWAY_CONFIG,
      fingerprints: [key.fingerprint],
      cryptoPool,
      packetPool: PACKETS_HERE,
      parts: this.parts,
      authKeyStore: this.store,
      callers: { findKeyState: (id) => Promise.resolve(this.keyStates.get(id)) },
      dispatcher: this.dispatcher,
      pusher: this.pusher,
      bus: this.bus,
      clock: this.clock,
      random: this.random,
      log: silentLogger,
      metrics: this.metrics,
      ...change,
    });
  }

  static async open(change: Partial<GatewayDeps> = {}): Promise<GatewayStage> {
    serverKey ??= generateServerKey();
    const stage = new GatewayStage(await serverKey, change);
    ({ port: stage.port } = await stage.gateway.listen());
    return stage;
  }

  /** A key that the store knows, without a handshake. Its salt is wrong, so the server corrects it. */
  addKey(change: Partial<AuthKeyRecord> = {}): ClientKey {
    const key = createAuthKey(this.random.bytes(256));
    this.store.records.set(key.id, {
      authKeyId: key.id,
      key: key.bytes,
      kind: 'perm',
      created_date: this.clock.now(),
      dcId: 2,
      media: false,
      test: false,
      ...change,
    });
    return { key, salt: 1n };
  }

  /** Logs a user in on a key. */
  logIn(clientKey: ClientKey, userId: bigint | undefined): void {
    const state = { permAuthKeyId: clientKey.key.id, userId, layer: 228 };
    this.dispatcher.users.set(clientKey.key.id, state);
    this.keyStates.set(clientKey.key.id, { ...state, revoked: false });
  }

  async connect(options: Partial<RawClientOptions> = {}): Promise<RawClient> {
    const client = await RawClient.connect({
      host: '127.0.0.1',
      port: this.port,
      transport: 'tcp',
      random: this.random,
      clientKey: options.clientKey ?? this.addKey(),
      nowMs: () => this.clock.nowMs(),
      ...options,
    });
    this.#clients.add(client);
    void client.closed.then(() => this.#clients.delete(client));
    return client;
  }

  /** The value of a metric in the Prometheus text format. */
  async metric(line: string): Promise<number | undefined> {
    const text = await this.metrics.render();
    const found = text.split('\n').find((candidate) => candidate.startsWith(`${line} `));
    return found === undefined ? undefined : Number(found.slice(line.length));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) await client[Symbol.asyncDispose]();
    await this.gateway[Symbol.asyncDispose]();
    this.metrics[Symbol.dispose]();
  }
}

/** Collects the values passed to a callback and waits for them. */
export class Inbox<T> {
  readonly items: T[] = [];
  #waiting: (() => void)[] = [];

  readonly add = (item: T): void => {
    this.items.push(item);
    for (const wake of this.#waiting.splice(0)) wake();
  };

  /** Resolves with the first matching item, without removing it. */
  async find(fits: (item: T) => boolean): Promise<T> {
    for (;;) {
      const found = this.items.find(fits);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

/** A gateway that is closed when the test ends. */
export async function openStage(...change: Parameters<typeof GatewayStage.open>): Promise<GatewayStage> {
  const stage = await GatewayStage.open(...change);
  onTestFinished(() => stage[Symbol.asyncDispose]());
  return stage;
}

/** A client logged in as user 5 whose session receives updates. */
export async function openUser(
  stage: GatewayStage,
  options: Partial<RawClientOptions> = {},
): Promise<{ client: RawClient; session: LiveSession; updates: Inbox<Uint8Array> }> {
  const clientKey = options.clientKey ?? stage.addKey();
  stage.logIn(clientKey, 5n);
  const client = await stage.connect({ ...options, clientKey });
  const updates = new Inbox<Uint8Array>();
  client.onUpdate = updates.add;
  await client.call(call(0));
  const session = [...stage.gateway.sessions.sessionsOf(5n)].find((candidate) => candidate.sessionId === client.session.sessionId);
  if (!session) throw new Error('the session receives nothing');
  return { client, session, updates };
}

/** Collects the service messages that a client receives. */
export function services(client: RawClient): Inbox<mt.AnyService> {
  const inbox = new Inbox<mt.AnyService>();
  client.onService = inbox.add;
  return inbox;
}
