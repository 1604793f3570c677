import { type DirectCaller, type DirectCalls, directCallerOf } from '@aerogram/rpc';
import { RecentMap } from '@aerogram/runtime';

import type { Invoke } from './bot-call.ts';

/** Where a request comes from. */
export interface ClientPlace {
  remoteAddress: string;
  localAddress: string;
  localPort: number;
}

const MAX_CALLERS = 20_000;

/** The bots that call over HTTP, as callers of methods of the MTProto API. All calls of a bot are of one session, in which the order of sends is kept. */
export class BotCallers {
  readonly #calls: DirectCalls;
  readonly #dcId: number;
  readonly #callers = new RecentMap<bigint, DirectCaller>(MAX_CALLERS);

  constructor(calls: DirectCalls, dcId: number) {
    this.#calls = calls;
    this.#dcId = dcId;
  }

  /** The bot as a caller. @param place of its present request */
  of(botId: bigint, place: ClientPlace): DirectCaller {
    let caller = this.#callers.get(botId);
    if (caller === undefined) {
      caller = directCallerOf({ userId: botId, isBot: true, dcId: this.#dcId }, place);
      this.#callers.set(botId, caller);
    }
    return caller;
  }

  /** How a bot calls methods. */
  invokeAs(caller: DirectCaller): Invoke {
    return (request) => this.#calls.invoke(caller, request);
  }
}
