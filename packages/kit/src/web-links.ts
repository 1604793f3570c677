import { createHash } from 'node:crypto';
import type { WebTokenDevice, WebTokens } from '@aerogram/domain';
import { type Clock, ExpiringMap, isLoopbackHost, type Random, type ServerFile } from '@aerogram/runtime';

/** How long a link can be opened, in seconds. */
const LIFE_S = 600;

/** The greatest number of links that are remembered; each further one makes the oldest worthless. */
const LINKS_MAX = 1000;

const TOKEN_BYTES = 32;

interface MadeLink {
  userId: bigint;
  isSpent: boolean;
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64');

/** The links that open the web client logged in as a person: each works once, for ten minutes, on this machine. */
export class WebLinks implements WebTokens {
  readonly #random: Random;
  /** By the hash of the token. */
  readonly #links: ExpiringMap<string, MadeLink>;

  /** @param clock real time, which tests do not move: links are for people */
  constructor({ random, clock }: { random: Random; clock: Pick<Clock, 'now'> }) {
    this.#random = random;
    this.#links = new ExpiringMap({ most: LINKS_MAX, ageS: LIFE_S }, clock);
  }

  /**
   * Makes a link. Each person has a host name of their own, below `localhost`, and so an origin of their own: a browser keeps what is stored for
   * each of them apart, and several people can be open side by side. The names of the parameters are those that Telegram's web clients know.
   */
  create(userId: bigint, { http, dc_id }: Pick<ServerFile, 'http' | 'dc_id'>): string {
    const token = Buffer.from(this.#random.bytes(TOKEN_BYTES)).toString('base64url');
    this.#links.set(hashOf(token), { userId, isSpent: false });
    return `http://${userId}.localhost:${http.port}/#tgWebAuthToken=${token}&tgWebAuthUserId=${userId}&tgWebAuthDcId=${dc_id}`;
  }

  take(token: string, { address, userId, pendingUserId }: WebTokenDevice): bigint | undefined {
    if (!isLoopbackHost(address)) return undefined;
    const link = this.#links.get(hashOf(token));
    if (link === undefined) return undefined;
    const isSame = (userId ?? pendingUserId) === link.userId;
    // A device that is logged in as somebody else stays that, and the link still works. The device that has spent it may have missed the answer.
    if (!isSame && (link.isSpent || userId !== undefined)) return undefined;
    link.isSpent = true;
    return link.userId;
  }
}
