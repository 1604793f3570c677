import { channel } from 'node:diagnostics_channel';
import { type Domain, FilesUnavailable, type KeyState, type PresenceSign } from '@aerogram/domain';
import { RpcError, rpcError, toTlRpcError } from '@aerogram/errors';
import { ByteBudget, type Clock, type Counter, type Histogram, type Logger, type Metrics, networkOf, isLoopbackHost, type Random, type TokenBucketLimits, TokenBuckets } from '@aerogram/runtime';
import { DatabaseUnavailable, DiskFull, isTextRefused, StorageOverloaded } from '@aerogram/storage';
import { LAYER, METHODS, mtEncode, type tl, TlError, UnknownConstructor } from '@aerogram/tl';
import { codecFor, readRequest, readWrappers } from '@aerogram/tl-compat';

import { CallHistory } from './call-history.ts';
import type { RpcAnswer, RpcCall, SessionRef } from './call.ts';
import { checkAccess, checkConnection, checkLimits } from './check-call.ts';
import { CallContext } from './call-context.ts';
import { CallRun } from './call-run.ts';
import type { RpcContext, RpcMethod } from './define-method.ts';
import { costOfItems } from './item-cost.ts';
import { logCall } from './log-call.ts';
import { PeerOrder } from './peer-order.ts';
import { PartLimits } from './part-limits.ts';
import { peerOfSend } from './peer-of-send.ts';
import { DEFAULT_REPEAT_LIMITS, RepeatedCalls, type RepeatLimits, type RepeatSeed } from './repeated-calls.ts';
import { rpcCalls, rpcSeconds, rpcUnexpected } from './rpc-metrics.ts';
import { type Unwrapped, unwrapRequest } from './unwrap.ts';

export interface DispatcherOptions {
  methods: readonly RpcMethod[];
  domain: Domain;
  clock: Clock;
  random: Random;
  log: Logger;
  metrics: Metrics;
  flood?: Partial<TokenBucketLimits>;
  /** For calls repeated with the same bytes. */
  repeats?: Partial<RepeatLimits>;
  /** For calls that carry parts of files or ask for them. */
  parts?: { room: ByteBudget; bytesPerSecond?: number };
}

/** The room for parts of files if nobody else shares it, in bytes. */
const DEFAULT_PART_ROOM = 64 * 1024 * 1024;

export interface Dispatcher {
  /** Runs one call and returns its answer; never rejects. Calls of one session run in parallel, except for rule P23. */
  dispatch(call: RpcCall): Promise<RpcAnswer>;
}

/** A session with more unanswered calls is told to wait, so that no queue is unbounded. */
const MAX_IN_FLIGHT = 1024;

/** When to retry while the disk is full, in seconds: somebody has to free space first. */
const DISK_FULL_WAIT_S = 300;

/** Limits of all guests of one address, however many keys they create. */
const GUEST_FLOOD: TokenBucketLimits = { capacity: 12_000, tokensPerSecond: 500, maxBuckets: 100_000 };

/** Tokens for a call of a method that does not exist. */
const UNKNOWN_COST = 1;

/** Extra tokens for a call that changed the stored layer or connection data: a write. */
const CHANGED_CONNECTION_COST = 5;

/** How often a key's layer is stored although the call that named it is refused with FLOOD_WAIT. */
const REFUSED_SAVES: TokenBucketLimits = { capacity: 3, tokensPerSecond: 1 / 60, maxBuckets: 100_000 };

/** Response bytes that cost one extra flood token: reading them from the database and encoding them is most of the work. */
export const BYTES_OF_TOKEN = 16 * 1024;

/** Limits of a user, or of the key of a guest. */
export const DEFAULT_FLOOD: TokenBucketLimits = { capacity: 3000, tokensPerSecond: 500, maxBuckets: 100_000 };

/** Run time of a failed call that costs one extra token, in milliseconds, because there is no answer whose bytes could be counted. */
const FAILED_MS_OF_TOKEN = 10;
/** Maximum number of tokens for the run time of a failed call. */
const MOST_FAILED_TOKENS = 500;
/** Tokens for an unexpected exception: it is logged, and clients repeat a call at once that was answered with 500. */
const UNFORESEEN_COST = 25;

/** Diagnostics channel that reports which method runs; tests compare what a method does with its declaration. */
export const METHOD_CHANNEL = 'aerogram.method';

const runs = channel(METHOD_CHANNEL);

interface SessionCalls {
  history: CallHistory;
  order: PeerOrder;
  seed: RepeatSeed;
}

/** Creates the dispatcher for an explicit list of methods. @throws Error when two definitions name the same method */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  return new RpcDispatcher(options);
}

class RpcDispatcher implements Dispatcher {
  readonly #methods = new Map<string, RpcMethod>();
  readonly #options: DispatcherOptions;
  readonly #flood: TokenBuckets;
  readonly #guests: TokenBuckets;
  readonly #refusedSaves: TokenBuckets;
  readonly #parts: PartLimits;
  readonly #repeats: RepeatedCalls;
  readonly #sessions = new WeakMap<SessionRef, SessionCalls>();
  readonly #calls: Counter<'method' | 'outcome'>;
  readonly #seconds: Histogram<'method'>;
  readonly #unexpected: Counter<'method'>;
  /** Whether the level of the log is debug. */
  readonly #logsCalls: boolean;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#logsCalls = options.log.isLevelEnabled('debug');
    this.#flood = new TokenBuckets(options.clock, { ...DEFAULT_FLOOD, ...options.flood });
    this.#guests = new TokenBuckets(options.clock, { ...GUEST_FLOOD, ...options.flood });
    this.#refusedSaves = new TokenBuckets(options.clock, REFUSED_SAVES);
    this.#repeats = new RepeatedCalls({ ...DEFAULT_REPEAT_LIMITS, ...options.repeats });
    this.#parts = new PartLimits(options.clock, options.parts?.room ?? new ByteBudget(DEFAULT_PART_ROOM), options.parts?.bytesPerSecond);
    this.#calls = options.metrics.counter(rpcCalls);
    this.#seconds = options.metrics.histogram(rpcSeconds);
    this.#unexpected = options.metrics.counter(rpcUnexpected);
    for (const method of options.methods) {
      if (this.#methods.has(method.method)) throw new Error(`${method.method} is registered twice`);
      this.#methods.set(method.method, method);
    }
  }

  async dispatch(call: RpcCall): Promise<RpcAnswer> {
    const startMs = this.#options.clock.monotonicMs();
    const run = new CallRun(call);
    let body: Uint8Array;
    let error: RpcError | undefined;
    let costBytes: number | undefined;
    try {
      body = await this.#run(run);
    } catch (thrown) {
      error = this.#toRpcError(thrown, run);
      body = mtEncode({ _: 'rpc_error', ...toTlRpcError(error) });
      costBytes = this.#chargeFailure(run, thrown, error);
    }
    this.#count(run, error, startMs);
    if (run.part) this.#parts.refund(run.part.owner, run.part.charged - (error ? 0 : body.length));
    const key = run.key;
    const method = this.#methods.get(run.request?.query._ ?? '');
    return {
      body,
      part: method?.part && { isMadeAgain: !error && method.repeat === 'read', release: () => run.part?.release?.() },
      method: run.request?.query._,
      error: error?.message,
      costBytes: costBytes ?? body.length,
      boxSteps: error ? [] : run.boxSteps,
      withoutUpdates: run.request?.withoutUpdates ?? false,
      caller: { permAuthKeyId: key?.permAuthKeyId, userId: key?.userId, layer: key?.layer, expires_date: key?.expires_date },
    };
  }

  async #run(run: CallRun): Promise<Uint8Array> {
    const { call } = run;
    let request: Unwrapped;
    try {
      request = run.request = unwrapRequest(readRequest(call.body));
    } catch (error) {
      if (error instanceof TlError) await this.#saveConnectionOfUnread(run);
      throw error;
    }
    const method = this.#methods.get(request.query._);
    const session = this.#sessionOf(call.session);
    if (session.history.inFlight >= MAX_IN_FLIGHT) throw rpcError('FLOOD_WAIT_%d', 1);
    // Everything so far ran synchronously, so all sends of one container get their places in the order together.
    const peer = method?.repeat === 'random_id' ? peerOfSend(request.query) : undefined;
    const slot = (run.slot = peer === undefined ? undefined : session.order.enter(peer, call.msgId));
    session.history.begin();
    let outcome: 'ok' | 'failed' = 'failed';
    try {
      const key = (run.key = await this.#accessKey(call.session));
      await this.#admit(run, key, request, method ? costOf(method, request.query) : UNKNOWN_COST);
      const repeatWaitS = this.#repeats.take(session.seed, call.body, this.#options.clock.monotonicMs());
      if (repeatWaitS > 0) throw rpcError('FLOOD_WAIT_%d', repeatWaitS);
      if (!method) throw rpcError('METHOD_INVALID');
      checkAccess(run.key, method);
      checkConnection(run.key, method);
      checkLimits(method, request.query, call.body.length);
      this.#noteActivity(run.key, call.session);
      for (const msgId of request.after) {
        if (!(await session.history.succeeded(msgId, this.#options.clock))) throw rpcError('MSG_WAIT_FAILED');
      }
      await slot?.turn();
      const result = method.part ? await this.#runPart(run, run.key, request, method) : await this.#runHandler(run, run.key, request, method);
      if (method.presence !== undefined) this.#noteSign(run.key, method.presence, request.query);
      await this.#refreshKey(run, request);
      outcome = 'ok';
      const answer = codecFor(run.key.layer ?? LAYER).encodeResult(method.method, result);
      method.part?.free?.(result);
      if (answer.length >= BYTES_OF_TOKEN) this.#chargeAnswer(run.key, method, answer.length);
      return answer;
    } finally {
      slot?.leave();
      session.history.end(call.msgId, outcome);
    }
  }

  /** Runs a call that carries a part of a file, or asks for one as soon as there is room for it. */
  async #runPart(run: CallRun, key: KeyState, request: Unwrapped, method: RpcMethod): Promise<unknown> {
    const rule = method.part!;
    const owner = ownerOf(key);
    const charged = this.#parts.charge(owner, rule.bytes(request.query));
    const runHandler = (): Promise<unknown> => this.#runHandler(run, key, request, method);
    if (rule.direction === 'in') return this.#parts.write(owner, runHandler);
    run.part = { owner, charged };
    run.part.release = await this.#parts.makeRoom(owner, charged);
    return runHandler();
  }

  #runHandler(run: CallRun, key: KeyState, request: Unwrapped, method: RpcMethod): Promise<unknown> {
    run.startedMs = this.#options.clock.monotonicMs();
    const ctx = this.#contextOf(run, key, request);
    return runs.hasSubscribers ? runs.runStores(method, () => method.run(ctx, request.query)) : method.run(ctx, request.query);
  }

  async #accessKey(session: SessionRef): Promise<KeyState> {
    const key = await this.#options.domain.auth.findKeyState(session.authKeyId);
    if (!key) throw rpcError('AUTH_KEY_UNREGISTERED');
    return key;
  }

  /** Rule P5: layer and connection data are stored before the wrapped query is answered. */
  async #saveConnection(run: CallRun, key: KeyState, request: Unwrapped): Promise<void> {
    const { layer, init } = request;
    if ((layer === undefined && init === undefined) || key.permAuthKeyId === undefined) return;
    if (layer !== undefined && layer > LAYER && key.layer !== layer) {
      this.#options.log.info({ layer, served: LAYER }, 'client speaks a newer layer');
    }
    run.key = await this.#options.domain.auth.doSaveConnection(key, { layer, init });
    if (run.key !== key) this.#flood.charge(ownerOf(key), CHANGED_CONNECTION_COST);
  }

  /** Stores the layer of a newer client even if its first query is unknown here: its next queries must be answered in that layer. */
  async #saveConnectionOfUnread(run: CallRun): Promise<void> {
    let wrappers: Unwrapped;
    try {
      wrappers = unwrapRequest(readWrappers(run.call.body));
    } catch {
      return; // The error of the whole request is reported by the caller.
    }
    if (wrappers.layer === undefined && wrappers.init === undefined) return;
    run.key = await this.#accessKey(run.call.session);
    await this.#admit(run, run.key, wrappers, UNKNOWN_COST);
  }

  /** Reads the key again, because the call itself may have changed it (log-in, log-out, binding). */
  async #refreshKey(run: CallRun, request: Unwrapped): Promise<void> {
    const before = run.key;
    const key = await this.#accessKey(run.call.session);
    run.key = key;
    // The call bound a temporary key and was wrapped: only now is there a permanent key to store the connection data with.
    if (before?.permAuthKeyId === undefined) await this.#saveConnection(run, key, request);
  }

  /**
   * Charges a call and stores its layer and connection data. The charge comes first, before access and limits too, so that a refused call
   * costs tokens and no write.
   * @throws RpcError 420 FLOOD_WAIT
   */
  async #admit(run: CallRun, key: KeyState, request: Unwrapped, cost: number): Promise<void> {
    const waitS = this.#takeTokens(key, run.call.session, cost);
    if (waitS === 0) return await this.#saveConnection(run, key, request);
    // Some clients wrap only the first call of a connection: if it is refused, the next answers still have to be in the new layer.
    const changesLayer = request.layer !== undefined && request.layer !== key.layer;
    if (changesLayer && this.#refusedSaves.take(`key${key.permAuthKeyId}`, 1) === 0) await this.#saveConnection(run, key, request);
    throw rpcError('FLOOD_WAIT_%d', waitS);
  }

  /** Takes tokens from the caller's bucket, and for a guest also from that of the address. @returns 0, or the seconds to wait */
  #takeTokens(key: KeyState, { remoteAddress }: SessionRef, cost: number): number {
    const waitS = this.#flood.take(ownerOf(key), cost);
    // Creating keys costs a guest little, but addresses are hard to get.
    if (waitS > 0 || key.userId !== undefined || isLoopbackHost(remoteAddress)) return waitS;
    return this.#guests.take(networkOf(remoteAddress), cost);
  }

  /**
   * Charges a failed call for the work it did: the bytes of an answer that could not be finished, and its run time. Failures caused by an
   * overload of the server are not charged.
   * @returns the cost, as the length of an answer with the same cost
   */
  #chargeFailure({ key, startedMs }: CallRun, thrown: unknown, error: RpcError): number {
    if (!key || startedMs === undefined || isOverload(thrown)) return 0;
    const elapsedMs = this.#options.clock.monotonicMs() - startedMs;
    const forBytes = thrown instanceof TlError ? Math.floor((thrown.writtenBytes ?? 0) / BYTES_OF_TOKEN) : 0;
    const forTime = Math.min(MOST_FAILED_TOKENS, Math.floor(elapsedMs / FAILED_MS_OF_TOKEN));
    const tokens = Math.max(forBytes, forTime) + (error.message === 'INTERNAL' ? UNFORESEEN_COST : 0);
    if (tokens > 0) this.#flood.charge(ownerOf(key), tokens);
    return tokens * BYTES_OF_TOKEN;
  }

  /**
   * Charges the length of an answer, except for parts of files, which have an allowance of their own: the client chooses their length, and
   * they are neither read from the database nor compressed.
   */
  #chargeAnswer(key: KeyState, { part }: RpcMethod, bytes: number): void {
    if (!part) this.#flood.charge(ownerOf(key), Math.floor(bytes / BYTES_OF_TOKEN));
  }

  #noteActivity({ userId, permAuthKeyId, seenDate }: KeyState, { remoteAddress }: SessionRef): void {
    if (permAuthKeyId === undefined) return;
    const { activity } = this.#options.domain.auth;
    if (userId === undefined) activity.noteGuest(permAuthKeyId, seenDate);
    else activity.note(userId, permAuthKeyId, remoteAddress);
  }

  /** Bots are never online, and an app can say that it sends in the background. */
  #noteSign({ userId, bot }: KeyState, sign: PresenceSign, query: tl.AnyMethod): void {
    if (userId === undefined || bot || ('background' in query && query.background === true)) return;
    this.#options.domain.users.noteSign(userId, sign);
  }

  #contextOf(run: CallRun, key: KeyState, request: Unwrapped): RpcContext {
    return new CallContext(this.#options, run, key, request.withoutUpdates);
  }

  #sessionOf(session: SessionRef): SessionCalls {
    let calls = this.#sessions.get(session);
    if (!calls) {
      const seed = new DataView(this.#options.random.bytes(4).buffer).getInt32(0);
      calls = { history: new CallHistory(), order: new PeerOrder(), seed };
      this.#sessions.set(session, calls);
    }
    return calls;
  }

  /** Turns every exception into an error for the client; unexpected ones are logged and counted. */
  #toRpcError(thrown: unknown, run: CallRun): RpcError {
    if (thrown instanceof RpcError) return thrown;
    if (thrown instanceof UnknownConstructor) return rpcError('INPUT_METHOD_INVALID');
    if (thrown instanceof TlError && !run.request) return rpcError('INPUT_FETCH_ERROR');
    const method = run.request?.query._ ?? 'unread';
    if (thrown instanceof TlError && thrown.reason === 'not_representable') {
      // For this layer the method does not exist (rule P10). A retry would not help, so the error is not a 5xx.
      this.#options.log.info({ method, layer: run.key?.layer }, 'an answer has no form at the layer of its caller');
      return rpcError('METHOD_INVALID');
    }
    const requestId = `${run.call.session.sessionId.toString(16)}.${run.call.msgId.toString(16)}`;
    if (isRetryable(thrown)) {
      this.#options.log.warn({ err: thrown, requestId, method }, 'call refused: the database does not take it now');
      return rpcError('WORKER_BUSY_TOO_LONG_RETRY');
    }
    if (thrown instanceof DiskFull) {
      this.#options.log.debug({ err: thrown, requestId, method }, 'call refused: the disk is full');
      // Clients repeat a 5xx at once and for ever. They delay a FLOOD_WAIT, and apps retry by themselves when it is over.
      return rpcError('FLOOD_WAIT_%d', DISK_FULL_WAIT_S);
    }
    if (thrown instanceof FilesUnavailable) {
      this.#options.log.warn({ err: thrown, requestId, method }, 'call refused: the bytes of files cannot be read or written now');
      return rpcError('FLOOD_WAIT_%d', thrown.waitS);
    }
    if (isTextRefused(thrown)) {
      this.#options.log.info({ method }, 'call refused: a text has a character that the database does not store');
      return rpcError('INPUT_FETCH_ERROR');
    }
    this.#options.log.error({ err: thrown, requestId, method }, 'call failed');
    this.#unexpected.inc({ method });
    return rpcError('INTERNAL');
  }

  #count(run: CallRun, error: RpcError | undefined, startMs: number): void {
    const name = run.request?.query._;
    // Only names of existing methods become labels, so that a client cannot create new ones.
    const method = name !== undefined && name in METHODS ? name : 'unread';
    this.#calls.inc({ method, outcome: error ? outcomeOf(error) : 'ok' });
    const ms = this.#options.clock.monotonicMs() - startMs;
    this.#seconds.observe({ method }, ms / 1000);
    if (this.#logsCalls) logCall(this.#options.log, run, { method, error, ms });
  }
}

/** The database does not accept work now; a retry may succeed. */
function isRetryable(thrown: unknown): boolean {
  return thrown instanceof DatabaseUnavailable || thrown instanceof StorageOverloaded;
}

function isOverload(thrown: unknown): boolean {
  return isRetryable(thrown) || thrown instanceof DiskFull || thrown instanceof FilesUnavailable;
}

/** The tokens of a call of this method. */
function costOf({ cost, itemCosts }: RpcMethod, query: tl.AnyMethod): number {
  return itemCosts === undefined ? cost : cost + costOfItems(query, itemCosts);
}

/** The owner of the token bucket that a call is charged to. */
function ownerOf(key: KeyState): string {
  return key.userId === undefined ? `key${key.permAuthKeyId}` : `user${key.userId}`;
}

function outcomeOf(error: RpcError): string {
  if (error.code === 401) return 'auth';
  if (error.code === 420) return 'flood';
  return error.code >= 500 ? 'server' : 'client';
}
