import { type Clock, TokenBuckets } from '@aerogram/runtime';

import { tooManyRequests } from './bot-error.ts';

/** How fast a bot may send; 0: as fast as it likes. The settings of the same names say it. */
export interface SendRateLimits {
  botMessagesPerSecond: number;
  botMessagesPerPerson: number;
  botMessagesPerGroup: number;
}

const MINUTE_S = 60;
const MAX_BUCKETS = 100_000;

/** Bounds how fast bots send over HTTP, so that programs are told in time to slow down. The server's own quotas count besides. */
export class SendRates {
  readonly #ofBot: TokenBuckets | undefined;
  readonly #toPerson: TokenBuckets | undefined;
  readonly #toGroup: TokenBuckets | undefined;

  constructor(clock: Clock, { botMessagesPerSecond, botMessagesPerPerson, botMessagesPerGroup }: SendRateLimits) {
    const make = (capacity: number, tokensPerSecond: number): TokenBuckets | undefined =>
      capacity === 0 ? undefined : new TokenBuckets(clock, { capacity: Math.ceil(capacity), tokensPerSecond, maxBuckets: MAX_BUCKETS });
    this.#ofBot = make(botMessagesPerSecond, botMessagesPerSecond);
    this.#toPerson = make(botMessagesPerPerson / 2, botMessagesPerPerson / MINUTE_S);
    this.#toGroup = make(botMessagesPerGroup, botMessagesPerGroup / MINUTE_S);
  }

  /**
   * Counts messages that a bot is about to send.
   * @param peerId the marked id of the chat: people have positive ids
   * @throws BotError 429
   */
  take(botId: bigint, peerId: bigint, count: number): void {
    const ofChat = peerId > 0n ? this.#toPerson : this.#toGroup;
    const waitS = ofChat?.take(`${botId} ${peerId}`, count) || this.#ofBot?.take(String(botId), count) || 0;
    if (waitS > 0) throw tooManyRequests(waitS);
  }
}
