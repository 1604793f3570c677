import { packBeside } from '@aerogram/mtproto';
import type { Dispatcher, RpcAnswer, RpcCall } from '@aerogram/rpc';
import type { Clock, Logger } from '@aerogram/runtime';
import { mtEncode } from '@aerogram/tl';
import { type BoxStep, onlyTells, type UpdatePusher } from './live-session.ts';
import type { Carrier, GatewaySession, WaitingCall } from './sessions/gateway-session.ts';
import type { KeyDirectory } from './sessions/key-directory.ts';
import type { Receivers } from './sessions/receivers.ts';
import type { Scheduler } from './scheduler.ts';

export interface CallRunnerDeps {
  dispatcher: Dispatcher;
  keys: Pick<KeyDirectory, 'endBy'>;
  receivers: Receivers;
  pusher: UpdatePusher;
  clock: Clock;
  log: Logger;
  scheduler: Scheduler;
}

/**
 * Calls of one session that may run at the same time, besides those that only wait for somebody else, about as many as the database handles in parallel. A session starts with fewer, and
 * the size of each answer raises or lowers its limit.
 */
const MAX_AT_ONCE = 8;
/** Answers from this size on lower the limit: a client that waits for several large answers does not need many at once. */
const LARGE_ANSWER_BYTES = 64 * 1024;
/** The limit for a connection over its CPU budget, so that its calls do not occupy the database connections. */
const MAX_AT_ONCE_OVER_BUDGET = 1;
/** Calls of one session that may wait for that limit. A container holds at most 1,020. */
const MAX_WAITING = 2048;

/** Passes calls to the dispatcher, several at a time, and each answer to its session as soon as it is ready. */
export class CallRunner {
  readonly #deps: CallRunnerDeps;
  #running = 0;
  #waiting: (() => void)[] = [];
  /** Sessions whose calls wait until the client has read its earlier answers. */
  readonly #held = new Set<GatewaySession>();
  #isEnding = false;
  readonly #next: NextCalls = { start: (session) => this.#startNext(session), goOn: (session) => this.#goOn(session) };

  constructor(deps: CallRunnerDeps) {
    this.#deps = deps;
  }

  /** Runs a call, at once or when earlier calls have finished. Never throws. */
  run(session: GatewaySession, carrier: Carrier, msgId: bigint, body: Uint8Array): void {
    this.#running += 1;
    carrier.countRequest(1, body.length);
    const call = { carrier, msgId, body };
    const { callsWaiting: waiting } = session;
    if (waiting !== undefined && waiting.length >= MAX_WAITING) {
      carrier.budget?.chargePenalty();
      session.reply(msgId, mtEncode({ _: 'rpc_error', error_code: 420, error_message: 'FLOOD_WAIT_1' }));
      return this.#ended(session, call);
    }
    // A call that comes alone is never deferred, because its answer also acknowledges it.
    const hasTime = session.placesTaken === 0 || (session.placesTaken < this.#mostAtOnce(session, carrier) && carrier.budget?.hasTime !== false);
    if (waiting === undefined && hasTime && !session.isBacklogged) return this.#start(session, call);
    if (waiting) return void waiting.push(call);
    session.callsWaiting = [call];
    this.#goOn(session);
  }

  /** Resolves when no call runs or waits. Calls that waited for their client to read are run now. */
  async idle(): Promise<void> {
    this.#isEnding = true;
    for (const session of this.#held) session.roomCame();
    while (this.#running > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Drops the calls of a session that wait: their client repeats them to another node. */
  drop(session: GatewaySession): void {
    const waiting = session.callsWaiting ?? [];
    session.callsWaiting = undefined;
    for (const call of waiting) this.#ended(session, call);
  }

  #start(session: GatewaySession, waiting: WaitingCall): void {
    session.callsRunning += 1;
    void this.#answer(session, waiting, new RunningCall(session, waiting, this.#next));
  }

  #ended(session: GatewaySession, { carrier, body }: WaitingCall): void {
    session.notify();
    carrier.countRequest(-1, body.length);
    this.#running -= 1;
    if (this.#running === 0) for (const done of this.#waiting.splice(0)) done();
  }

  /** When a call has ended, starts the next one at once, unless its connection is over its CPU budget. */
  #startNext(session: GatewaySession): void {
    const next = session.callsWaiting?.[0];
    if (!next || session.callsPutOff || session.isBacklogged || this.#deps.scheduler.isOverBudget(next.carrier.budget)) return;
    if (session.placesTaken >= session.callsAtOnce) return;
    const { budget } = next.carrier;
    budget?.begin();
    this.#startWaiting(session);
    budget?.end();
  }

  #startWaiting(session: GatewaySession): void {
    const call = session.callsWaiting?.shift();
    if (session.callsWaiting?.length === 0) session.callsWaiting = undefined;
    if (call) this.#start(session, call);
  }

  /** Schedules the waiting calls one at a time, because each may be compressed and costly to parse. */
  #goOn(session: GatewaySession): void {
    const next = session.callsWaiting?.[0];
    if (!next || session.callsPutOff || session.placesTaken >= this.#mostAtOnce(session, next.carrier)) return;
    if (session.isBacklogged && !this.#isEnding) return this.#hold(session);
    session.callsPutOff = true;
    this.#deps.scheduler.deferUntilPaid(() => {
      session.callsPutOff = false;
      this.#startWaiting(session);
      this.#goOn(session);
    }, next.carrier.budget);
  }

  #mostAtOnce(session: GatewaySession, { budget }: Carrier): number {
    return this.#deps.scheduler.isOverBudget(budget) ? MAX_AT_ONCE_OVER_BUDGET : session.callsAtOnce;
  }

  #hold(session: GatewaySession): void {
    this.#held.add(session);
    session.whenRoom(() => {
      this.#held.delete(session);
      this.#goOn(session);
    });
  }

  /** Runs a call, and gives its answer to the session. Never rejects. */
  async #answer(session: GatewaySession, waiting: WaitingCall, call: RunningCall): Promise<void> {
    try {
      await this.#answerOrThrow(session, waiting, call);
    } catch (error) {
      this.#deps.log.error({ err: error }, 'a call could not be answered');
      session.reply(waiting.msgId, mtEncode({ _: 'rpc_error', error_code: 500, error_message: 'INTERNAL' }));
    }
    call.leave();
    this.#goOn(session);
    this.#ended(session, waiting);
  }

  async #answerOrThrow(session: GatewaySession, { carrier, msgId, body: request }: WaitingCall, call: RpcCall): Promise<void> {
    const { dispatcher, keys, receivers, clock } = this.#deps;
    const before = receivers.snapshot(session);
    const answer = await dispatcher.dispatch(call);
    const { part } = answer;
    try {
      // auth.bindTempAuthKey may have set an earlier expiry date for the temporary key.
      if (answer.caller.expires_date !== undefined) keys.endBy(session.entry, answer.caller.expires_date);
      const attaching = receivers.called(session, answer, before);
      if (attaching) await attaching;
      if (answer.error?.startsWith('FLOOD_WAIT_') === true) carrier.budget?.chargePenalty();
      const packing = part ? answer.body : this.#charge(carrier, answer);
      const body = packing instanceof Promise ? await packing : packing;
      // Parts of files do not compress, and have a budget of bytes instead of this limit.
      const isLarge = part === undefined && answer.costBytes >= LARGE_ANSWER_BYTES;
      session.callsAtOnce = isLarge ? Math.max(session.callsAtOnce >> 1, 1) : Math.min(session.callsAtOnce + 1, MAX_AT_ONCE);
      const steps = before.isAttached && answer.boxSteps.some(onlyTells) ? answer.boxSteps.filter((step) => !onlyTells(step)) : answer.boxSteps;
      const passing = this.#passSteps(session, steps);
      if (passing) await passing;
      session.reply(msgId, body, part?.isMadeAgain === true ? { request, nowMs: clock.nowMs() } : undefined);
    } finally {
      // The answer counts in the session from now on.
      part?.release();
    }
  }

  /** Charges an answer to its connection and compresses it. */
  #charge(carrier: Carrier, { body, costBytes }: RpcAnswer): Uint8Array | Promise<Uint8Array> {
    this.#deps.scheduler.chargeBytes(carrier.budget, costBytes);
    return packBeside(body);
  }

  /** Puts an answer that carries a pts in order with the session's updates (rule S3, lossy hints). Never rejects. */
  #passSteps(session: GatewaySession, steps: readonly BoxStep[]): Promise<void> | undefined {
    if (steps.length === 0 || !session.receivesUpdates) return undefined;
    return this.#deps.pusher.answered(session, steps)?.catch((error: unknown) => {
      // The call has taken effect, so the client must get its answer. Repair restores the order of the updates.
      this.#deps.log.warn({ err: error }, 'an answer could not be put in order with the updates');
    });
  }
}

/** How a running call lets the waiting calls of its session start. */
interface NextCalls {
  /** When a call has ended. */
  start(session: GatewaySession): void;
  /** When a call does not count as running any more, though it has not ended. */
  goOn(session: GatewaySession): void;
}

/** A call that runs, as the dispatcher sees it. It has a place among those of its session, which it leaves when it ends or only waits for somebody else. */
class RunningCall implements RpcCall {
  readonly session: RpcCall['session'];
  readonly msgId: bigint;
  readonly body: Uint8Array;
  readonly #of: GatewaySession;
  readonly #next: NextCalls;
  #hasPlace = true;

  constructor(session: GatewaySession, { msgId, body }: WaitingCall, next: NextCalls) {
    this.session = session.ref;
    this.msgId = msgId;
    this.body = body;
    this.#of = session;
    this.#next = next;
  }

  /** Frees the place that the call has among the running ones of its session; doing so again has no effect. */
  leave(): void {
    if (!this.#hasPlace) return;
    this.#hasPlace = false;
    this.#of.callsRunning -= 1;
    this.#next.start(this.#of);
  }

  onWait(): void {
    this.leave();
    this.#next.goOn(this.#of);
  }

  onChained(waits: boolean): void {
    this.#of.callsChained += waits ? 1 : -1;
    if (waits) this.#next.goOn(this.#of);
  }
}
