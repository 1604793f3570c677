import { createInProcessBus } from '@aerogram/bus';
import type { Domain, KeyState } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { createAuthKey, decryptMessage, KeySalts, SaltSource, sealHere, SessionLink } from '@aerogram/mtproto';
import { ClientSession } from '@aerogram/mtproto/client';
import { createDispatcher, defineMethod, type RpcMethod } from '@aerogram/rpc';
import { ByteBudget, createFakeClock, createLogger, createMetrics } from '@aerogram/runtime';
import { LAYER, METHODS } from '@aerogram/tl';
import { describe, expect, it } from 'vitest';
import { CallRunner } from '../../packages/gateway/src/call-runner.ts';
import type { CarrierOf } from '../../packages/gateway/src/carrier.ts';
import { GatewayMetrics } from '../../packages/gateway/src/gateway-metrics.ts';
import { PacketRouter } from '../../packages/gateway/src/packet-router.ts';
import type { GatewaySession } from '../../packages/gateway/src/sessions/gateway-session.ts';
import { KeyDirectory } from '../../packages/gateway/src/sessions/key-directory.ts';
import { Receivers } from '../../packages/gateway/src/sessions/receivers.ts';
import { SessionTable } from '../../packages/gateway/src/sessions/session-table.ts';
import { Scheduler } from '../../packages/gateway/src/scheduler.ts';
import { loadSchema } from '../../packages/tl-compat/test/schemas.ts';
import { type Draft, encodeBody, HostileClient } from './hostile-client.ts';
import { HostileTl } from './hostile-tl.ts';
import { below, fuzzIterations, fuzzRandom, memoryInUse, pick } from './mutation.ts';

const KEY_ID_OF_NOBODY = 99n;
/** Packets between two turns of the event loop. */
const AT_ONCE = 32;
const KEPT_IDS = 64;
const REPORT_EVERY = AT_ONCE * 3_125;
/** Packets sent in one session. */
const STORY = 3 * AT_ONCE;

/** Answers methods with simple result types at once; the dispatcher around it is real. */
function quickMethods(ran: (msgId: bigint) => void): RpcMethod[] {
  const results = new Map<string, unknown>([['Bool', true], ['Vector<int>', []], ['Vector<long>', []]]);
  return Object.entries(METHODS).flatMap(([method, { result }]) => {
    const easy = method === 'help.getNearestDc' ? { _: 'nearestDc', country: 'XX', this_dc: 2, nearest_dc: 2 } : results.get(result);
    if (easy === undefined) return [];
    // The name and the result type were just read from one table.
    return [defineMethod({
      method, access: 'any', cost: 1, repeat: 'random_id',
      handler: (ctx: { caller: { msgId: bigint } }) => {
        ran(ctx.caller.msgId);
        return Promise.resolve(easy);
      },
    } as unknown as Parameters<typeof defineMethod>[0])];
  });
}

/** The server from the decrypting session table to the dispatcher; only sockets and the database are faked. */
class Server {
  readonly clock = createFakeClock(1_750_000_000_000);
  readonly faults: string[] = [];
  readonly received: Uint8Array[] = [];
  readonly key;
  readonly salts: KeySalts;
  readonly table: SessionTable;
  readonly #keys: KeyDirectory;
  readonly #router: PacketRouter;
  readonly #links = new Map<GatewaySession, SessionLink>();
  readonly #waiting = new Set<GatewaySession>();
  readonly #carrier: CarrierOf<GatewaySession>;
  /** Calls that ran, to detect one that runs twice. */
  readonly ran = new Map<string, number>();
  running = 0;

  constructor(random: ReturnType<typeof fuzzRandom>) {
    const { clock } = this;
    const bus = createInProcessBus();
    const log = createLogger({ level: 'warn', destination: { write: (line) => void this.faults.push(line) } });
    this.key = createAuthKey(random.bytes(256));
    const { id } = this.key;
    let state: KeyState = {
      authKeyId: id, permAuthKeyId: id, dcId: 2, userId: 8n, bot: false, passwordPending: false, pendingUserId: undefined,
      deactivated: false, revoked: false, layer: LAYER, init: undefined, seenDate: 0, expires_date: undefined,
    };
    const findKeyState = (): Promise<KeyState> => Promise.resolve(state);
    const doSaveConnection = (_: KeyState, { layer }: { layer?: number }): Promise<KeyState> => {
      state = { ...state, layer: layer ?? state.layer };
      return Promise.resolve(state);
    };
    const takeouts = { check: () => Promise.reject(rpcError('TAKEOUT_INVALID')) };
    const auth = { activity: { note: () => {}, noteGuest: () => {} }, takeouts, findKeyState, doSaveConnection };
    const methods = quickMethods((msgId) => this.ran.set(String(msgId), (this.ran.get(String(msgId)) ?? 0) + 1));
    const metrics = createMetrics();
    const dispatcher = createDispatcher({
      methods, domain: { auth } as unknown as Domain, clock, random, log, metrics, flood: { capacity: 1e9, tokensPerSecond: 1e9 },
    });
    const pusher = { attach: () => Promise.resolve(), detach: () => {}, answered: () => undefined, repairAll: () => Promise.resolve() };
    const receivers = new Receivers({ pusher, callers: { findKeyState }, bus, clock, log });
    this.table = new SessionTable({ clock, random, metrics: new GatewayMetrics(metrics), receivers, maxSessions: 1_000, maxSessionsPerKey: 8, limits: {}, parts: new ByteBudget(64 * 1024 * 1024), log });
    const secret = new SaltSource(random.bytes(32));
    const record = { authKeyId: id, key: this.key.bytes, kind: 'perm' as const, created_date: clock.now(), dcId: 2, media: false, test: false };
    const find = (authKeyId: bigint): Promise<typeof record | undefined> => Promise.resolve(authKeyId === KEY_ID_OF_NOBODY ? undefined : record);
    // A client may destroy its key at any time; here the key is restored, so that the test continues.
    const store = { find, create: () => Promise.resolve('created' as const), destroy: () => Promise.resolve(false) };
    this.#keys = new KeyDirectory({ store, bus, salts: secret, maxIdle: 10, onGone: () => {} });
    this.salts = new KeySalts(secret, id);
    this.#router = new PacketRouter({ clock, log, keys: this.#keys, store, table: this.table, calls: new CallRunner({ dispatcher, keys: this.#keys, receivers, pusher, clock, log, scheduler: new Scheduler() }) });
    this.#carrier = {
      remoteAddress: '127.0.0.1', localAddress: '127.0.0.1', localPort: 1,
      linkOf: (session) => {
        let link = this.#links.get(session);
        if (!link) this.#links.set(session, (link = new SessionLink()));
        return link;
      },
      aside: undefined,
      budget: undefined,
      notify: (session) => void this.#waiting.add(session),
      sendLoose: (packet) => void this.received.push(packet),
      countRequest: (change) => void (this.running += change),
      disconnectAfter: (delayMs) => {
        if (delayMs < 0) throw new Error(`a delay of ${delayMs} ms`);
      },
      httpWait: () => {},
      finish: () => {},
      part: () => {},
      forget: (session) => {
        this.#links.delete(session);
        this.#waiting.delete(session);
      },
    };
  }

  /** Receives a packet like a connection. */
  async receive(packet: Uint8Array): Promise<void> {
    const nowMs = this.clock.nowMs();
    const entry = this.#keys.peek(this.key.id, nowMs) ?? (await this.#keys.load(this.key.id, nowMs));
    const { kind } = this.#router.receive(this.#carrier, entry!, decryptMessage(entry!.key, packet), nowMs);
    if (kind !== 'accepted' && kind !== 'refused') throw new Error(kind);
  }

  /** Everything that the server has to send. */
  flush(): void {
    this.table.sendOwed(this.clock.nowMs());
    for (const session of this.#waiting) {
      const link = this.#links.get(session);
      for (let packet = link && session.mtproto.takeOutgoing(link, this.clock.nowMs()); packet; packet = session.mtproto.takeOutgoing(link!, this.clock.nowMs())) this.received.push(sealHere(packet));
    }
    this.#waiting.clear();
  }

  /** The client changes its network. */
  cut(): void {
    const links = [...this.#links];
    this.#links.clear();
    for (const [session, link] of links) this.table.closed(session, link, this.clock.nowMs());
  }
}

/** The valid salt, and those of other intervals. */
function saltsOf({ salts, clock }: Server): bigint[] {
  return [0, -1_800_000, 1_800_000, -7_200_000].map((offMs) => salts.current(clock.nowMs() + offMs));
}

function remember(ids: bigint[], id: bigint): void {
  ids.push(id);
  if (ids.length > KEPT_IDS) ids.shift();
}

describe('a client with a valid key', () => {
  it('is answered or refused, and nothing runs twice, whatever its encrypted messages contain', { timeout: 0 }, async () => {
    const random = fuzzRandom('hostile-client');
    const server = new Server(random);
    const { clock } = server;
    const clients = new Map<bigint, ClientSession>();
    const clientOf = (sessionId: bigint): ClientSession => {
      let client = clients.get(sessionId);
      if (!client) {
        client = new ClientSession({ key: server.key, sessionId, salt: 0n, random, nowMs: () => clock.nowMs() });
        clients.set(sessionId, client);
      }
      return client;
    };
    let honest = clientOf(77n);
    const view = {
      nowMs: () => clock.nowMs(),
      nextMsgId: () => honest.nextMsgId(),
      nextSeqNo: (content: boolean) => honest.nextSeqNo(content),
      salts: saltsOf(server),
      sessionIds: [77n],
      sent: [] as bigint[],
      received: [] as bigint[],
    };
    /** After one wrong seq_no was accepted, a session refuses everything that follows: the test continues in a new session. */
    const beginAnew = (): void => {
      honest = clientOf(random.int63());
      view.sessionIds = [honest.sessionId, ...view.sessionIds.slice(0, 3)];
      for (const sessionId of clients.keys()) if (!view.sessionIds.includes(sessionId)) clients.delete(sessionId);
      view.salts = saltsOf(server);
    };
    const hostile = new HostileClient(random, new HostileTl(loadSchema(LAYER), random, clock.now()), view);
    const seal = ({ salt, sessionId, part }: Draft): Uint8Array => {
      const client = clientOf(sessionId);
      client.salt = salt;
      return client.encryptOne({ ...part, body: encodeBody(part.body) });
    };
    const recorded: Uint8Array[] = [];
    const iterations = fuzzIterations(12_000, 1);
    let before = 0;
    let answers = 0;
    const startedMs = performance.now();
    for (let i = 0; i < iterations; i++) {
      if (i === Math.floor(iterations / 2)) before = memoryInUse();
      // Sometimes a packet recorded earlier, unchanged.
      const replay = recorded.length > 0 && below(random, 20) === 0;
      const draft = replay ? undefined : hostile.next();
      const packet = draft ? seal(draft) : pick(random, recorded);
      if (draft) {
        remember(view.sent, draft.part.msgId);
        if (recorded.length < 256) recorded.push(packet);
        else recorded[i % 256] = packet;
      }
      try {
        await server.receive(packet);
      } catch (error) {
        throw new Error(`packet ${i}: ${JSON.stringify(draft ?? 'repeated', (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)).slice(0, 3_000)}`, { cause: error });
      }
      if (i % AT_ONCE > 0) continue;
      if (i % STORY === 0) beginAnew();
      if (below(random, 64) === 0) server.cut();
      // Sometimes long enough that calls which wait for others time out.
      await clock.advance(below(random, 8) === 0 ? 11_000 : below(random, 400));
      // A timer continues deferred calls.
      await new Promise((resolve) => setTimeout(resolve, 0));
      server.flush();
      for (const answer of server.received.splice(0)) {
        for (const client of clients.values()) {
          for (const message of client.open(answer)) {
            answers += message.answers === undefined ? 0 : 1;
            remember(view.received, message.msgId);
          }
        }
      }
      if (server.faults.length > 0) throw new Error(server.faults.join('\n'));
      // A session runs no call twice; the same msg_id may be used in several sessions.
      for (const [msgId, times] of server.ran) if (times > 5) throw new Error(`${msgId} ran ${times} times`);
      server.ran.clear();
      if (server.running > 2_000 || server.table.size > 8) throw new Error(`${server.running} calls run in ${server.table.size} sessions`);
      if (i % 4_096 === 0) server.table.sweep(clock.nowMs());
      if (i % REPORT_EVERY === 0 && i > 0) console.log(`${i} packets, ${Math.round(i / ((performance.now() - startedMs) / 1000))}/s`);
    }
    const seconds = (performance.now() - startedMs) / 1000;
    console.log(`${iterations} packets inside the encryption, ${answers} answers, ${Math.round(iterations / seconds)} packets/s`);
    expect(answers).toBeGreaterThan(iterations / 40);
    await expect.poll(() => memoryInUse() - before).toBeLessThan(32_000_000);
  });
});
