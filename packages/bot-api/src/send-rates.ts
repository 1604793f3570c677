import { type Clock, TokenBuckets } from '@aerogram/runtime';

import { tooManyRequests } from './bot-error.ts';
import { INTEGER } from './params/params.ts';

/** How fast a bot may send; 0: as fast as it likes. The settings of the same names say it. */
export interface SendRateLimits {
  botMessagesPerSecond: number;
  botMessagesPerPerson: number;
  botMessagesPerGroup: number;
}

/** Longest name of a chat that is told from others, in UTF-16 units. */
const CHAT_MAX = 64;

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
   * @param chat `chat_id` as the bot wrote it: people have positive ids
   * @throws BotError 429
   */
  take(botId: bigint, chat: string, count: number): void {
    // An id may be written in several ways, and what is too long names nothing.
    const id = chat.trim().slice(0, CHAT_MAX);
    const written = INTEGER.test(id) ? String(BigInt(id)) : id.toLowerCase();
    const ofChat = /^\d/.test(written) ? this.#toPerson : this.#toGroup;
    const owner = `${botId} ${written}`;
    const waitS = ofChat?.take(owner, count) || this.#ofBot?.take(String(botId), count) || 0;
    if (waitS > 0) throw tooManyRequests(waitS);
  }
}
