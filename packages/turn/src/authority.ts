import { TokenBuckets } from '@aerogram/runtime';

import { isUserGood, longTermKey, passwordOf } from './credentials.ts';
import { Nonces } from './nonces.ts';
import { ATTRIBUTE, type ErrorCode, KIND } from './stun-constants.ts';
import type { StunMessage } from './stun-message.ts';
import { StunWriter } from './stun-writer.ts';
import type { TransportAddress } from './transport-address.ts';
import type { Listener, TurnLimits, TurnOptions } from './turn-types.ts';

/** For how long a nonce is good, in seconds. */
const NONCE_S = 600;
/** Longest user name and nonce that are looked at, in bytes. */
const TEXT_MAX = 128;

const STRANGERS_MAX = 10_000;

/** A request and who sent it. */
export interface Asked {
  message: StunMessage;
  client: TransportAddress;
  listener: Listener;
}

/** A request whose sender knows the password. */
export interface Known {
  username: string;
  key: Buffer;
}

/** Judges who may ask for what: long-term credentials (RFC 8489, 9.2) whose passwords are made from a secret. */
export class Authority {
  readonly #options: TurnOptions;
  readonly #nonces: Nonces;
  readonly #strangers: TokenBuckets;

  constructor(options: TurnOptions, limits: Pick<TurnLimits, 'strangerAnswersPerSecond'>) {
    this.#options = options;
    this.#nonces = new Nonces(options.nonceKey, NONCE_S);
    const { strangerAnswersPerSecond: perSecond } = limits;
    const clock = { monotonicMs: () => options.world.nowMs() };
    this.#strangers = new TokenBuckets(clock, { capacity: 2 * perSecond, tokensPerSecond: perSecond, maxBuckets: STRANGERS_MAX });
  }

  /** Whether one more answer may go to an address that has shown no password, and may be forged. */
  mayAnswerStranger(address: string): boolean {
    return this.#strangers.take(address, 1) === 0;
  }

  /**
   * Checks user, nonce and signature. Refuses the request if one of them is wrong.
   * @param owner of the allocation that the client has; its key is not computed again
   */
  check({ message, client, listener }: Asked, owner: Known | undefined): Known | undefined {
    const { world, realm, secret } = this.#options;
    const refuse = (code: ErrorCode): undefined => {
      if (!this.mayAnswerStranger(client.address)) return undefined;
      const answer = new StunWriter(message.method, KIND.error, message.transactionId).addError(code);
      if (code !== 400) answer.addText(ATTRIBUTE.realm, realm).addText(ATTRIBUTE.nonce, this.#nonces.make(client.address, world.nowMs() / 1000));
      listener.send(answer.finish(undefined, message.hasFingerprint), client.port, client.address);
      return undefined;
    };
    if (!message.hasIntegrity) return refuse(401);
    const username = message.findText(ATTRIBUTE.username, TEXT_MAX);
    const nonce = message.findText(ATTRIBUTE.nonce, TEXT_MAX);
    if (username === undefined || nonce === undefined || message.find(ATTRIBUTE.realm) === undefined) return refuse(400);
    if (!this.#nonces.isFresh(nonce, client.address, world.nowMs() / 1000)) return refuse(438);
    if (!isUserGood(username, world.unixNow())) return refuse(401);
    const key = owner?.username === username ? owner.key : longTermKey(username, realm, passwordOf(username, secret));
    return message.isSignedWith(key) ? { username, key } : refuse(401);
  }
}
