import type { KeyState } from '@aerogram/domain';
import { type RpcError, rpcError, toTlRpcError } from '@aerogram/errors';
import { type TokenBucketLimits, TokenBuckets } from '@aerogram/runtime';
import { LAYER, mtEncode, type tl, TlError } from '@aerogram/tl';
import { codecFor, readRequest, readWrappers } from '@aerogram/tl-compat';

import { CallHistory } from './call-history.ts';
import type { RpcAnswer, RpcCall, SessionRef } from './call.ts';
import { CallRun } from './call-run.ts';
import type { Outcome } from './ended-calls.ts';
import { checkAccess, checkConnection, checkLimits } from './check-call.ts';
import type { RpcMethod } from './define-method.ts';
import type { DirectCaller } from './direct-caller.ts';
import type { DispatcherOptions } from './dispatcher-options.ts';
import { checkElsewhere } from './elsewhere.ts';
import { BYTES_OF_TOKEN, costOf, MethodRunner, UNKNOWN_COST } from './method-runner.ts';
import { NewerLayers } from './newer-layers.ts';
import { type OrderSlot, PeerOrder } from './peer-order.ts';
import { peerOfSend } from './peer-of-send.ts';
import { DEFAULT_REPEAT_LIMITS, RepeatedCalls, type RepeatSeed } from './repeated-calls.ts';
import { type Unwrapped, unwrapRequest } from './unwrap.ts';

export interface Dispatcher {
  /** Runs one call and returns its answer; never rejects. Calls of one session run in parallel, except for sends to the same peer (rule P23, send order). */
  dispatch(call: RpcCall): Promise<RpcAnswer>;
}

/** Runs calls that come from within the server. */
export interface DirectCalls {
  /**
   * Runs one call that is a TL object already, and returns its result, in the newest layer. Access, limits, costs and order are those of {@link Dispatcher.dispatch}.
   * @throws RpcError
   */
  invoke<R extends tl.AnyMethod>(caller: DirectCaller, request: R): Promise<tl.RpcMethods[R['_']]['res']>;
  /** Takes tokens from the bucket of a direct caller, for what is no method. @returns 0, or the seconds to wait */
  take(caller: DirectCaller, tokens: number): number;
  /** Charges a direct caller for the bytes of an answer that was made of results. */
  chargeBytes(caller: DirectCaller, bytes: number): void;
}

/** A session with more unanswered calls is told to wait, so that no queue is unbounded. */
const MAX_IN_FLIGHT = 1024;

/** Extra tokens for a call that changed the stored layer or connection data: a write. */
const CHANGED_CONNECTION_COST = 5;

/** How often a key's layer is stored although the call that named it is refused with FLOOD_WAIT. */
const REFUSED_SAVES: TokenBucketLimits = { capacity: 3, tokensPerSecond: 1 / 60, maxBuckets: 100_000 };

/** The body of a call that did not come as bytes. */
const NO_BYTES = new Uint8Array();

/**
 * The wait in FLOOD_WAIT that refuses a call which changes something during a maintenance, in seconds. Clients wait by themselves for so long, and show the message
 * as being sent. Most of them show an error if the wait is longer than a minute; a wait of a few seconds would make them ask too often.
 */
export const MAINTENANCE_WAIT_S = 30;

interface SessionCalls {
  history: CallHistory;
  order: PeerOrder;
  seed: RepeatSeed;
  /** The id of the last call that did not come as bytes. They begin at random: by its id, a call is known as a repeat of an earlier one, which may have been made by another process. */
  lastDirectId: bigint;
}

/** Creates the dispatcher for an explicit list of methods. @throws Error when two definitions name the same method */
export function createDispatcher(options: DispatcherOptions): Dispatcher & DirectCalls {
  return new RpcDispatcher(options);
}

class RpcDispatcher implements Dispatcher, DirectCalls {
  readonly #options: DispatcherOptions;
  readonly #runner: MethodRunner;
  readonly #refusedSaves: TokenBuckets;
  readonly #repeats: RepeatedCalls;
  readonly #newerLayers: NewerLayers;
  readonly #sessions = new WeakMap<SessionRef, SessionCalls>();

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#runner = new MethodRunner(options);
    this.#refusedSaves = new TokenBuckets(options.clock, REFUSED_SAVES);
    this.#newerLayers = new NewerLayers(options.log);
    this.#repeats = new RepeatedCalls({ ...DEFAULT_REPEAT_LIMITS, ...options.repeats });
  }

  async dispatch(call: RpcCall): Promise<RpcAnswer> {
    const startMs = this.#options.clock.monotonicMs();
    const run = new CallRun(call);
    run.span = this.#options.tracer?.beginCall();
    let body: Uint8Array;
    let error: RpcError | undefined;
    let costBytes: number | undefined;
    try {
      body = await this.#runBytes(run);
    } catch (thrown) {
      error = this.#runner.toRpcError(thrown, run);
      body = mtEncode({ _: 'rpc_error', ...toTlRpcError(error) });
      costBytes = this.#runner.chargeFailure(run, thrown, error);
    }
    this.#runner.end(run, { error, startMs, bytes: error ? 0 : body.length });
    const key = run.key;
    const method = this.#runner.find(run.request?.query._ ?? '');
    return {
      body,
      part: method?.part && { isMadeAgain: !error && method.repeat === 'read', release: () => run.part?.release?.() },
      method: run.request?.query._,
      error: error?.message,
      costBytes: costBytes ?? body.length,
      boxSteps: error ? [] : run.boxSteps,
      withoutUpdates: run.request !== undefined && (run.request.withoutUpdates || run.request.takeoutId !== undefined),
      caller: { permAuthKeyId: key?.permAuthKeyId, userId: key?.userId, layer: key?.layer, expires_date: key?.expires_date },
    };
  }

  async invoke<R extends tl.AnyMethod>({ key, session }: DirectCaller, query: R): Promise<tl.RpcMethods[R['_']]['res']> {
    const startMs = this.#options.clock.monotonicMs();
    const calls = this.#sessionOf(session);
    calls.lastDirectId += 1n;
    const run = new CallRun({ session, msgId: calls.lastDirectId, body: NO_BYTES });
    run.request = { query, layer: undefined, init: undefined, withoutUpdates: false, takeoutId: undefined, after: [] };
    run.key = key;
    run.span = this.#options.tracer?.beginCall();
    let error: RpcError | undefined;
    try {
      const method = this.#runner.find(query._);
      this.#enter(run, method);
      let outcome: Outcome = 'failed';
      try {
        const waitS = this.#runner.takeTokens(key, session, costOf(method, query));
        if (waitS > 0) throw rpcError('FLOOD_WAIT_%d', waitS);
        const allowed = this.#check(run, key, method);
        if (run.slot?.takeTurn() === false) await run.slot.turn();
        const result = await this.#runner.run(run, key, run.request, allowed);
        this.#runner.noteDone(key, run.request, allowed);
        outcome = 'ok';
        return result;
      } finally {
        this.#leave(run, calls, outcome);
      }
    } catch (thrown) {
      error = this.#runner.toRpcError(thrown, run);
      this.#runner.chargeFailure(run, thrown, error);
      throw error;
    } finally {
      run.part?.release?.();
      this.#runner.end(run, { error, startMs, bytes: run.part?.charged ?? 0 });
    }
  }

  take({ key, session }: DirectCaller, tokens: number): number {
    return this.#runner.takeTokens(key, session, tokens);
  }

  chargeBytes({ key }: DirectCaller, bytes: number): void {
    if (bytes >= BYTES_OF_TOKEN) this.#runner.charge(key, Math.floor(bytes / BYTES_OF_TOKEN));
  }

  async #runBytes(run: CallRun): Promise<Uint8Array> {
    const { call } = run;
    try {
      run.request = unwrapRequest(readRequest(call.body));
    } catch (error) {
      if (error instanceof TlError) await this.#saveConnectionOfUnread(run);
      throw error;
    }
    const { request } = run;
    const method = this.#runner.find(request.query._);
    // Everything so far ran synchronously, so all sends of one container get their places in the order together.
    const session = this.#enter(run, method);
    let outcome: Outcome = 'failed';
    try {
      // Nothing is awaited that is in memory already: each `await` allocates some hundred bytes and delays the call by a turn of the microtask queue.
      const found = this.#accessKey(call.session);
      const key = (run.key = found instanceof Promise ? await found : found);
      const admitting = this.#admit(run, key, request, costOf(method, request.query));
      if (admitting) await admitting;
      const repeatWaitS = this.#repeats.take(session.seed, call.body, this.#options.clock.monotonicMs());
      if (repeatWaitS > 0) throw rpcError('FLOOD_WAIT_%d', repeatWaitS);
      const allowed = this.#check(run, run.key, method);
      this.#runner.noteActivity(run.key, call.session);
      if (request.takeoutId !== undefined) await this.#checkTakeout(run.key, request.takeoutId);
      if (request.after.length > 0) await this.#waitForOthers(call, session.history, request.after);
      if (run.slot?.takeTurn() === false) await this.#waitForTurn(call, run.slot);
      const result = await this.#runner.run(run, run.key, request, allowed);
      this.#runner.noteDone(run.key, request, allowed);
      const refreshing = this.#refreshKey(run, request);
      if (refreshing) await refreshing;
      const answer = codecFor(run.key.layer ?? LAYER).encodeResult(allowed.method, result);
      allowed.part?.free?.(result);
      // Parts of files have an allowance of their own: the client chooses their length, and they are neither read from the database nor compressed.
      if (!allowed.part) this.chargeBytes({ key: run.key, session: call.session }, answer.length);
      outcome = 'ok';
      return answer;
    } finally {
      this.#leave(run, session, outcome);
    }
  }

  /** Begins a call as one of its session: among its unanswered ones, and in the order of its sends. @throws RpcError 420 FLOOD_WAIT */
  #enter(run: CallRun, method: RpcMethod | undefined): SessionCalls {
    const { call } = run;
    const session = this.#sessionOf(call.session);
    if (session.history.inFlight >= MAX_IN_FLIGHT) throw rpcError('FLOOD_WAIT_%d', 1);
    const peer = method?.repeat === 'random_id' ? peerOfSend(run.request!.query) : undefined;
    run.slot = peer === undefined ? undefined : session.order.enter(peer, call.msgId);
    session.history.begin();
    return session;
  }

  /** Ends a call that {@link RpcDispatcher.#enter} has begun. */
  #leave({ call, slot }: CallRun, { history }: SessionCalls, outcome: Outcome): void {
    slot?.leave();
    history.end(call.msgId, outcome);
  }

  /** Waits until the calls with these ids have succeeded. @throws RpcError 400 MSG_WAIT_FAILED, at once if one has failed or cannot come */
  async #waitForOthers(call: RpcCall, history: CallHistory, after: readonly bigint[]): Promise<void> {
    if (after.some((msgId) => msgId === call.msgId || history.outcomeOf(msgId) === false)) throw rpcError('MSG_WAIT_FAILED');
    for (const msgId of after) {
      if (history.outcomeOf(msgId) === true) continue;
      call.onChained?.(true);
      const isOk = await history.succeeded(msgId, this.#options.clock);
      call.onChained?.(false);
      if (!isOk) throw rpcError('MSG_WAIT_FAILED');
    }
  }

  /** Waits for the earlier sends to the same peer, one of which may wait for a call that needs a place. */
  async #waitForTurn(call: RpcCall, slot: OrderSlot): Promise<void> {
    call.onChained?.(true);
    await slot.turn();
    call.onChained?.(false);
  }

  /** Checks that the caller may call the method with this request. @throws RpcError */
  #check(run: CallRun, key: KeyState, method: RpcMethod | undefined): RpcMethod {
    if (!method) throw rpcError('METHOD_INVALID');
    checkAccess(key, method);
    checkConnection(key, method);
    checkLimits(method, run.request!.query, run.call.body.length);
    const { homes } = this.#options.domain;
    if (homes !== undefined) checkElsewhere(run.request!.query, method.elsewhere, homes);
    if (!method.inMaintenance && this.#options.isReadOnly?.() === true) throw rpcError('FLOOD_WAIT_%d', MAINTENANCE_WAIT_S);
    return method;
  }

  /** @throws RpcError 400 TAKEOUT_INVALID */
  async #checkTakeout({ userId, permAuthKeyId }: KeyState, takeoutId: bigint): Promise<void> {
    if (userId === undefined || permAuthKeyId === undefined) throw rpcError('TAKEOUT_INVALID');
    await this.#options.domain.auth.takeouts.check({ userId, authKeyId: permAuthKeyId }, takeoutId);
  }

  #accessKey({ authKeyId }: SessionRef): KeyState | Promise<KeyState> {
    const found = this.#options.domain.auth.findKeyState(authKeyId);
    return found instanceof Promise ? found.then(requireKey) : requireKey(found);
  }

  /** Rule P5: layer and connection data are stored before the wrapped query is answered. */
  async #saveConnection(run: CallRun, key: KeyState, request: Unwrapped): Promise<void> {
    const { layer, init } = request;
    if ((layer === undefined && init === undefined) || key.permAuthKeyId === undefined) return;
    if (layer !== undefined) this.#newerLayers.note(layer);
    run.key = await this.#options.domain.auth.doSaveConnection(key, { layer, init });
    if (run.key !== key) this.#runner.charge(key, CHANGED_CONNECTION_COST);
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

  /** Reads the key again, because the call itself may have changed it (log-in, log-out, binding). @returns undefined if nothing has to be waited for */
  #refreshKey(run: CallRun, request: Unwrapped): Promise<void> | undefined {
    const before = run.key;
    const found = this.#accessKey(run.call.session);
    if (found instanceof Promise || before?.permAuthKeyId === undefined) return this.#saveRefreshed(run, request, found);
    run.key = found;
    return undefined;
  }

  async #saveRefreshed(run: CallRun, request: Unwrapped, found: KeyState | Promise<KeyState>): Promise<void> {
    const before = run.key;
    const key = (run.key = await found);
    // The call bound a temporary key and was wrapped: only now is there a permanent key to store the connection data with.
    if (before?.permAuthKeyId === undefined) await this.#saveConnection(run, key, request);
  }

  /**
   * Charges a call and stores its layer and connection data. The charge comes first, before access and limits too, so that a refused call
   * costs tokens and no write.
   * @returns undefined if nothing has to be stored
   * @throws RpcError 420 FLOOD_WAIT
   */
  #admit(run: CallRun, key: KeyState, request: Unwrapped, cost: number): Promise<void> | undefined {
    const waitS = this.#runner.takeTokens(key, run.call.session, cost);
    if (waitS > 0) return this.#refuse(run, key, request, waitS);
    return request.layer === undefined && request.init === undefined ? undefined : this.#saveConnection(run, key, request);
  }

  /** @throws RpcError 420 FLOOD_WAIT */
  async #refuse(run: CallRun, key: KeyState, request: Unwrapped, waitS: number): Promise<void> {
    // Some clients wrap only the first call of a connection: if it is refused, the next answers still have to be in the new layer.
    const changesLayer = request.layer !== undefined && request.layer !== key.layer;
    if (changesLayer && this.#refusedSaves.take(`key${key.permAuthKeyId}`, 1) === 0) await this.#saveConnection(run, key, request);
    throw rpcError('FLOOD_WAIT_%d', waitS);
  }

  #sessionOf(session: SessionRef): SessionCalls {
    let calls = this.#sessions.get(session);
    if (!calls) {
      const seed = new DataView(this.#options.random.bytes(4).buffer).getInt32(0);
      calls = { history: new CallHistory(session.messages), order: new PeerOrder(), seed, lastDirectId: this.#options.random.int63() >> 1n };
      this.#sessions.set(session, calls);
    }
    return calls;
  }
}

/** @throws RpcError 401 AUTH_KEY_UNREGISTERED */
function requireKey(key: KeyState | undefined): KeyState {
  if (!key) throw rpcError('AUTH_KEY_UNREGISTERED');
  return key;
}
