import type { Dispatcher, RpcAnswer } from '@aerogram/rpc';
import type { Logger } from '@aerogram/runtime';
import { mtEncode } from '@aerogram/tl';
import type { UpdatePusher } from './live-session.ts';
import type { Carrier, GatewaySession } from './sessions/gateway-session.ts';
import type { Receivers } from './sessions/receivers.ts';

export interface CallRunnerDeps {
  dispatcher: Dispatcher;
  receivers: Receivers;
  pusher: UpdatePusher;
  log: Logger;
}

/** Hands calls to the dispatcher, side by side, and their answers back to the sessions as they are ready. */
export class CallRunner {
  readonly #deps: CallRunnerDeps;
  #running = 0;
  #waiting: (() => void)[] = [];

  constructor(deps: CallRunnerDeps) {
    this.#deps = deps;
  }

  /** Runs a call; never throws. */
  run(session: GatewaySession, carrier: Carrier, msgId: bigint, body: Uint8Array): void {
    this.#running += 1;
    carrier.countRequest(1);
    this.#answer(session, msgId, body)
      .catch((error: unknown) => {
        this.#deps.log.error({ err: error }, 'a call could not be answered');
        session.mtproto.reply(msgId, mtEncode({ _: 'rpc_error', error_code: 500, error_message: 'INTERNAL' }));
      })
      .finally(() => {
        session.notify();
        carrier.countRequest(-1);
        this.#running -= 1;
        if (this.#running === 0) for (const done of this.#waiting.splice(0)) done();
      });
  }

  /** Resolves when no call runs. */
  async idle(): Promise<void> {
    while (this.#running > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
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
