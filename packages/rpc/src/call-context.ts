import type { Domain, KeyState } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { Clock, Logger, Random } from '@aerogram/runtime';
import { LAYER } from '@aerogram/tl';

import type { CallRun } from './call-run.ts';
import type { BoxStep, SessionRef } from './call.ts';
import type { Caller, RpcContext } from './define-method.ts';
import type { Unwrapped } from './unwrap.ts';

interface Means {
  domain: Domain;
  clock: Clock;
  random: Random;
  log: Logger;
}

/** The context of one call, given to its handler. */
export class CallContext implements RpcContext {
  readonly caller: Caller;
  readonly domain: Domain;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly session: SessionRef;
  readonly withoutUpdates: boolean;
  readonly takeoutId: bigint | undefined;
  readonly isDirect: boolean;
  readonly trace: string | undefined;
  readonly #run: CallRun;

  constructor(means: Means, run: CallRun, key: KeyState, { withoutUpdates, takeoutId }: Pick<Unwrapped, 'withoutUpdates' | 'takeoutId'>) {
    const { session, msgId } = run.call;
    this.caller = {
      authKeyId: session.authKeyId,
      permAuthKeyId: key.permAuthKeyId ?? session.authKeyId,
      sessionId: session.sessionId,
      msgId,
      userId: key.userId,
      isBot: key.bot,
      pendingUserId: key.pendingUserId,
      layer: key.layer ?? LAYER,
      dcId: key.dcId,
      remoteAddress: session.remoteAddress,
      localAddress: session.localAddress,
      localPort: session.localPort,
      isForwarded: session.isForwarded,
      initConnection: key.init,
    };
    this.domain = means.domain;
    this.clock = means.clock;
    this.random = means.random;
    this.log = means.log;
    this.session = session;
    this.withoutUpdates = withoutUpdates;
    this.takeoutId = takeoutId;
    this.isDirect = run.isDirect;
    this.trace = run.span?.context;
    this.#run = run;
  }

  get userId(): bigint {
    if (this.caller.userId === undefined) throw rpcError('AUTH_KEY_UNREGISTERED');
    return this.caller.userId;
  }

  handedOn(): void {
    this.#run.slot?.leave();
  }

  waits(): void {
    this.#run.call.onWait?.();
  }

  boxStep(step: BoxStep): void {
    this.#run.boxSteps.push(step);
  }
}
