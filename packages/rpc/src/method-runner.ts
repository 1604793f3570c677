import { channel } from 'node:diagnostics_channel';
import { HomeAway } from '@aerogram/cluster';
import { FilesUnavailable, type KeyState, type PresenceSign } from '@aerogram/domain';
import { RpcError, rpcError } from '@aerogram/errors';
import { ByteBudget, type Counter, type Histogram, networkOf, isLoopbackHost, type TokenBucketLimits, TokenBuckets } from '@aerogram/runtime';
import { DatabaseUnavailable, DiskFull, isTextRefused, StorageOverloaded } from '@aerogram/storage';
import { METHODS, type tl, TlError, UnknownConstructor } from '@aerogram/tl';

import type { SessionRef } from './call.ts';
import { CallContext } from './call-context.ts';
import type { CallRun } from './call-run.ts';
import type { RpcMethod } from './define-method.ts';
import type { DispatcherOptions } from './dispatcher-options.ts';
import { costOfItems } from './item-cost.ts';
import { logCall } from './log-call.ts';
import { PartLimits } from './part-limits.ts';
import { rpcCalls, rpcSeconds, rpcUnexpected } from './rpc-metrics.ts';
import type { Unwrapped } from './unwrap.ts';

/** The room for parts of files if nobody else shares it, in bytes. */
const DEFAULT_PART_ROOM = 64 * 1024 * 1024;

/** When to retry while the disk is full, in seconds: somebody has to free space first. */
const DISK_FULL_WAIT_S = 300;

/** Limits of all guests of one address, however many keys they create. */
const GUEST_FLOOD: TokenBucketLimits = { capacity: 12_000, tokensPerSecond: 500, maxBuckets: 100_000 };

/** Tokens for a call of a method that does not exist. */
export const UNKNOWN_COST = 1;

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

/** Runs the methods and charges their callers, however a call came: as bytes in a session, or as an object from within the server. */
export class MethodRunner {
  readonly #methods = new Map<string, RpcMethod>();
  readonly #options: DispatcherOptions;
  readonly #flood: TokenBuckets;
  readonly #guests: TokenBuckets;
  readonly #parts: PartLimits;
  readonly #calls: Counter<'method' | 'outcome'>;
  readonly #seconds: Histogram<'method'>;
  readonly #unexpected: Counter<'method'>;

  /** @throws Error when two definitions name the same method */
  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#flood = new TokenBuckets(options.clock, { ...DEFAULT_FLOOD, ...options.flood });
    this.#guests = new TokenBuckets(options.clock, { ...GUEST_FLOOD, ...options.flood });
    this.#parts = new PartLimits(options.clock, options.parts?.room ?? new ByteBudget(DEFAULT_PART_ROOM), options.parts?.bytesPerSecond);
    this.#calls = options.metrics.counter(rpcCalls);
    this.#seconds = options.metrics.histogram(rpcSeconds);
    this.#unexpected = options.metrics.counter(rpcUnexpected);
    for (const method of options.methods) {
      if (this.#methods.has(method.method)) throw new Error(`${method.method} is registered twice`);
      this.#methods.set(method.method, method);
    }
  }

  find(name: string): RpcMethod | undefined {
    return this.#methods.get(name);
  }

  /** Takes tokens from the caller's bucket, if limits hold for the caller, and for a guest also from that of the address. @returns 0, or the seconds to wait */
  takeTokens(key: KeyState, { remoteAddress }: SessionRef, cost: number): number {
    if (key.userId !== undefined && this.#options.hasLimits?.(key.userId) === false) return 0;
    const waitS = this.#flood.take(ownerOf(key), cost);
    // Creating keys costs a guest little, but addresses are hard to get.
    if (waitS > 0 || key.userId !== undefined || isLoopbackHost(remoteAddress)) return waitS;
    return this.#guests.take(networkOf(remoteAddress), cost);
  }

  /** Charges the caller for what was done already. */
  charge(key: KeyState, tokens: number): void {
    this.#flood.charge(ownerOf(key), tokens);
  }

  /** Runs the handler of a method that this caller may call with this request. @throws what the handler throws; then {@link MethodRunner.noteDone} is not called */
  run(run: CallRun, key: KeyState, request: Unwrapped, method: RpcMethod): Promise<unknown> {
    return method.part ? this.#runPart(run, key, request, method) : this.#runHandler(run, key, request, method);
  }

  /** Notes what a call that has succeeded says of the presence of its caller. */
  noteDone(key: KeyState, request: Unwrapped, { presence }: RpcMethod): void {
    if (presence !== undefined) this.#noteSign(key, presence, request.query);
  }

  /**
   * Ends a call: counts it, and gives back what a part of a file was shorter than allowed for.
   * @param bytes length of the answer; 0 for an error
   */
  end(run: CallRun, { error, startMs, bytes }: { error: RpcError | undefined; startMs: number; bytes: number }): void {
    const name = run.request?.query._;
    // Only names of existing methods become labels, so that a client cannot create new ones.
    const method = name !== undefined && name in METHODS ? name : 'unread';
    this.#calls.inc({ method, outcome: error ? outcomeOf(error) : 'ok' });
    const ms = this.#options.clock.monotonicMs() - startMs;
    this.#seconds.observe({ method }, ms / 1000);
    if (run.span) {
      const facts = { 'rpc.method': method, layer: run.key?.layer ?? 0, outcome: error ? outcomeOf(error) : 'ok', bytes, direct: run.isDirect };
      run.span.end({ name: method, facts, hasFailed: error !== undefined && error.code >= 500 });
    }
    if (this.#options.log.isLevelEnabled('debug')) logCall(this.#options.log, run, { method, error, ms });
    if (run.part) this.#parts.refund(run.part.owner, run.part.charged - bytes);
  }

  /**
   * Charges a failed call for the work it did: the bytes of an answer that could not be finished, and its run time. Failures caused by an
   * overload of the server are not charged.
   * @returns the cost, as the length of an answer with the same cost
   */
  chargeFailure({ key, startedMs }: CallRun, thrown: unknown, error: RpcError): number {
    if (!key || startedMs === undefined || isOverload(thrown)) return 0;
    const elapsedMs = this.#options.clock.monotonicMs() - startedMs;
    const forBytes = thrown instanceof TlError ? Math.floor((thrown.writtenBytes ?? 0) / BYTES_OF_TOKEN) : 0;
    const forTime = Math.min(MOST_FAILED_TOKENS, Math.floor(elapsedMs / FAILED_MS_OF_TOKEN));
    const tokens = Math.max(forBytes, forTime) + (error.message === 'INTERNAL' ? UNFORESEEN_COST : 0);
    if (tokens > 0) this.charge(key, tokens);
    return tokens * BYTES_OF_TOKEN;
  }

  /** Turns every exception into an error for the client; unexpected ones are logged and counted. */
  toRpcError(thrown: unknown, run: CallRun): RpcError {
    if (thrown instanceof RpcError) return thrown;
    if (thrown instanceof UnknownConstructor) return rpcError('INPUT_METHOD_INVALID');
    if (thrown instanceof TlError && !run.request) return rpcError('INPUT_FETCH_ERROR');
    const method = run.request?.query._ ?? 'unread';
    if (thrown instanceof TlError && thrown.reason === 'not_representable') {
      // For this layer the method does not exist (rule P10, unknown methods). A retry would not help, so the error is not a 5xx.
      this.#options.log.info({ method, layer: run.key?.layer }, 'an answer has no form at the layer of its caller');
      return rpcError('METHOD_INVALID');
    }
    const requestId = `${run.call.session.sessionId.toString(16)}.${run.call.msgId.toString(16)}`;
    if (isRetryable(thrown)) {
      this.#options.log.warn({ err: thrown, requestId, method }, 'call refused: the database does not take it now');
      return rpcError('WORKER_BUSY_TOO_LONG_RETRY');
    }
    if (thrown instanceof HomeAway) {
      this.#options.log.info({ requestId, method, dc: thrown.dc }, 'call refused: another data centre does not answer');
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

  /** Records that a key is in use. */
  noteActivity({ userId, permAuthKeyId, seenDate }: KeyState, { remoteAddress }: SessionRef): void {
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
    const ctx = new CallContext(this.#options, run, key, request);
    return runs.hasSubscribers ? runs.runStores(method, () => method.run(ctx, request.query)) : method.run(ctx, request.query);
  }
}

/** The tokens of a call of this method. */
export function costOf(method: RpcMethod | undefined, query: tl.AnyMethod): number {
  if (method === undefined) return UNKNOWN_COST;
  return method.itemCosts === undefined ? method.cost : method.cost + costOfItems(query, method.itemCosts);
}

/** The database does not accept work now; a retry may succeed. */
function isRetryable(thrown: unknown): boolean {
  return thrown instanceof DatabaseUnavailable || thrown instanceof StorageOverloaded;
}

function isOverload(thrown: unknown): boolean {
  return isRetryable(thrown) || thrown instanceof DiskFull || thrown instanceof FilesUnavailable;
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
