import { type Clock, ExpiringMap, TokenBuckets } from '@aerogram/runtime';

import type { Names } from '../names/index.ts';
import type { Users } from '../users/index.ts';

/** Names of which it is remembered who has them, or that nobody of another data centre has. */
const REMEMBERED = { most: 10_000, ageS: 300 };
/** Questions for the first data centre: anybody can open a page of a name that does not exist, from many addresses. */
const QUESTIONS = { capacity: 60, tokensPerSecond: 2, maxBuckets: 1 };
/** All visitors of this process together have one bucket. */
const EVERYBODY = 'everybody';

interface Parts {
  names: Pick<Names, 'find' | 'dcOf' | 'areElsewhere'>;
  users: Pick<Users, 'findNamedElsewhere'>;
  clock: Clock;
}

/** Finds the people, groups and channels of other data centres whose names stand in links, for visitors who are not logged in. */
export class NamesElsewhere {
  readonly #parts: Parts;
  readonly #remembered: ExpiringMap<string, { peerId: bigint | undefined }>;
  readonly #questions: TokenBuckets;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#remembered = new ExpiringMap(REMEMBERED, parts.clock);
    this.#questions = new TokenBuckets(parts.clock, QUESTIONS);
  }

  /**
   * Finds who has a username. While the first data centre is away, or has been asked too often, only what is known here counts.
   * @returns the marked id; undefined if nobody elsewhere has it, or that is not known
   */
  async find(username: string): Promise<bigint | undefined> {
    const { names, users } = this.#parts;
    const known = await users.findNamedElsewhere(username);
    if (known !== undefined || !names.areElsewhere) return known;
    const name = username.toLowerCase();
    const remembered = this.#remembered.get(name);
    if (remembered !== undefined) return remembered.peerId;
    if (this.#questions.take(EVERYBODY, 1) > 0) return undefined;
    const unknown = new Set<string>();
    const found = (await names.find('username', [name], unknown)).get(name);
    if (unknown.size > 0) return undefined;
    const peerId = found !== undefined && names.dcOf(found) !== undefined ? found : undefined;
    this.#remembered.set(name, { peerId });
    return peerId;
  }
}
