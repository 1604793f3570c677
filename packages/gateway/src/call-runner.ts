import type { Dispatcher, RpcAnswer } from '@aerogram/rpc';
import type { Logger } from '@aerogram/runtime';
import { mtEncode } from '@aerogram/tl';
import type { UpdatePusher } from './live-session.ts';
import type { Carrier, GatewaySession, WaitingCall } from './sessions/gateway-session.ts';
import type { Receivers } from './sessions/receivers.ts';
import type { Turns } from './turns.ts';

export interface CallRunnerDeps {
  dispatcher: Dispatcher;
  receivers: Receivers;
  pusher: UpdatePusher;
  log: Logger;
  turns: Turns;
}

/** Calls of one session that run at once: twice what the database does at once for all. */
const MAX_AT_ONCE = 16;
/** Calls of one session that wait for that; a container has 1,020 at most. */
const MAX_WAITING = 2048;

/** Hands calls to the dispatcher, side by side, and their answers back to the sessions as they are ready. */
export class CallRunner {
  readonly #deps: CallRunnerDeps;
  #running = 0;
  #waiting: (() => void)[] = [];

  constructor(deps: CallRunnerDeps) {
    this.#deps = deps;
  }

  /** Runs a call, at once or when those before it have made room; never throws. */
  run(session: GatewaySession, carrier: Carrier, msgId: bigint, body: Uint8Array): void {
    this.#running += 1;
    carrier.countRequest(1);
    const call = { carrier, msgId, body };
    const { callsWaiting: waiting } = session;
    if (waiting !== undefined && waiting.length >= MAX_WAITING) {
      session.mtproto.reply(msgId, mtEncode({ _: 'rpc_error', error_code: 420, error_message: 'FLOOD_WAIT_1' }));
      return this.#ended(session, carrier);
    }
    // One that comes alone is never put off: its answer is to be its acknowledgement.
    const hasTime = session.callsRunning === 0 || (session.callsRunning < MAX_AT_ONCE && carrier.hasTime);
    if (waiting === undefined && hasTime) return this.#start(session, call);
    if (waiting) return void waiting.push(call);
    session.callsWaiting = [call];
    this.#putOff(session);
  }

  /** Resolves when no call runs. */
  async idle(): Promise<void> {
    while (this.#running > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #start(session: GatewaySession, { carrier, msgId, body }: WaitingCall): void {
    session.callsRunning += 1;
    this.#answer(session, msgId, body)
      .catch((error: unknown) => {
        this.#deps.log.error({ err: error }, 'a call could not be answered');
        session.mtproto.reply(msgId, mtEncode({ _: 'rpc_error', error_code: 500, error_message: 'INTERNAL' }));
      })
      .finally(() => {
        // Those that wait are put off as long as there is room; a full session goes on from here.
        if (session.callsRunning === MAX_AT_ONCE && session.callsWaiting) this.#putOff(session);
        session.callsRunning -= 1;
        this.#ended(session, carrier);
      });
  }

  #ended(session: GatewaySession, carrier: Carrier): void {
    session.notify();
    carrier.countRequest(-1);
    this.#running -= 1;
    if (this.#running === 0) for (const done of this.#waiting.splice(0)) done();
  }

  /** The calls that wait go on in turns, one at a time: each may be a packed one that is dear to read. */
  #putOff(session: GatewaySession): void {
    this.#deps.turns.later(() => {
      const call = session.callsRunning < MAX_AT_ONCE ? session.callsWaiting?.shift() : undefined;
      if (!call) return;
      if (session.callsWaiting?.length === 0) session.callsWaiting = undefined;
      this.#start(session, call);
      if (session.callsWaiting && session.callsRunning < MAX_AT_ONCE) this.#putOff(session);
    });
  }

  async #answer(session: GatewaySession, msgId: bigint, body: Uint8Array): Promise<void> {
    const { dispatcher, receivers } = this.#deps;
    const before = receivers.snapshot(session);
    const answer = await dispatcher.dispatch({ session: session.ref, msgId, body });
    const attaching = receivers.called(session, answer, before);
    if (attaching) await attaching;
    const passing = this.#passSteps(session, answer);
    if (passing) await passing;
    // Parts of files do not shrink.
    session.mtproto.reply(msgId, answer.body, { packed: answer.method?.startsWith('upload.') !== true });
  }

  /** An answer that carries a pts takes its place among the session's updates (STORAGE-RULES 3). Never rejects. */
  #passSteps(session: GatewaySession, answer: RpcAnswer): Promise<void> | undefined {
    if (answer.boxSteps.length === 0 || !session.receivesUpdates) return undefined;
    return this.#deps.pusher.answered(session, answer.boxSteps)?.catch((error: unknown) => {
      // What was done is done, and the client must hear of it; repair brings the updates in order again.
      this.#deps.log.warn({ err: error }, 'an answer could not be put in order with the updates');
    });
  }
}
