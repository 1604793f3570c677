import { sha256Of } from '@aerogram/crypto';
import type { Domain } from '@aerogram/domain';
import { type Clock, RecentMap, TokenBuckets } from '@aerogram/runtime';
import { BotError, tooManyRequests } from '../bot-error.ts';
import { botIdOf } from './bot-path.ts';

/** How many tokens that it has not used before one network may try in a minute. */
const IN_A_MINUTE = { capacity: 20, tokensPerSecond: 20 / 60, maxBuckets: 50_000 };
/** And in an hour. */
const IN_AN_HOUR = { capacity: 600, tokensPerSecond: 600 / 3600, maxBuckets: 50_000 };
/** Pairs of network and token that were right, which cost nothing any more. */
const KNOWN_MAX = 50_000;

interface BotHomes {
  auth: Pick<Domain['auth'], 'botTokens'>;
  dcAddresses: Domain['dcAddresses'];
}

/** Recognises bots by their tokens, and bounds how many tokens one network may try. */
export class KnownTokens {
  readonly #domain: BotHomes;
  readonly #tokens: Domain['auth']['botTokens'];
  readonly #inAMinute: TokenBuckets;
  readonly #inAnHour: TokenBuckets;
  readonly #known = new RecentMap<string, true>(KNOWN_MAX);

  constructor(domain: BotHomes, clock: Clock) {
    this.#domain = domain;
    this.#tokens = domain.auth.botTokens;
    this.#inAMinute = new TokenBuckets(clock, IN_A_MINUTE);
    this.#inAnHour = new TokenBuckets(clock, IN_AN_HOUR);
  }

  /**
   * Returns the bot whose token it is, and the hash of the secret part.
   * @param client `network`: undefined for this machine, which may try as many as it likes; with a `remoteAddress` a wrong token is noted in the log
   * @throws BotError 401, 421, 429
   */
  async check(token: string, { network, remoteAddress }: { network: string | undefined; remoteAddress?: string }): Promise<{ botId: bigint; tokenHash: Uint8Array }> {
    const id = botIdOf(token);
    if (id === 'invalid') throw new BotError(401, 'Unauthorized: invalid token specified');
    if (id === 'misdirected') throw new BotError(421, 'Misdirected Request: unallowed token specified');
    const home = this.#domain.auth.botTokens.homeOf(id);
    if (home !== undefined) throw this.#elsewhere(home);
    const pair = network === undefined ? undefined : pairOf(token, network);
    if (network !== undefined && this.#known.get(pair!) !== true) {
      const waitS = this.#inAMinute.take(network, 1) || this.#inAnHour.take(network, 1);
      if (waitS > 0) throw tooManyRequests(waitS);
    }
    const found = await this.#tokens.find(token);
    if (found?.judgement === 'wrong' && remoteAddress !== undefined) this.#tokens.noteWrong(remoteAddress);
    if (found?.judgement !== 'right') throw new BotError(401, 'Unauthorized');
    if (pair !== undefined) this.#known.set(pair, true);
    return { botId: found.botId, tokenHash: found.hash };
  }

  /** Tells the client of a bot where it lives. */
  #elsewhere(dc: number): BotError {
    const address = this.#domain.dcAddresses.list().find((one) => one.dc === dc)?.webAddress;
    return new BotError(421, `Misdirected Request: the bot lives in data centre ${dc}${address ? `, ${address}` : ''}`);
  }

  /** Checks a token again that was right when its request began: it may have been revoked since. @throws BotError 401 */
  async checkAgain(token: string): Promise<void> {
    if ((await this.#tokens.find(token))?.judgement !== 'right') throw new BotError(401, 'Unauthorized');
  }
}

/** A hash of the whole token, so that none stays in memory after its bot has gone, and the network of a bot is no cover for guesses. Pure. */
function pairOf(token: string, network: string): string {
  return `${Buffer.from(sha256Of(Buffer.from(token))).toString('base64')} ${network}`;
}
