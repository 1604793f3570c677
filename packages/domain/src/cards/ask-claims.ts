import type { TimerHandle } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import type { Names } from '../names/index.ts';
import { allDecided, type DomainDeps } from '../shared/index.ts';
import { type Claims, listUnasked, type RenamedCard, saveAnswered } from './claims-store.ts';

const LOOK_EVERY_MS = 60_000;
/** For how many cards the data centre that gives names is asked at once. */
const CARDS_AT_ONCE = 250;
/** How often it is asked each time: most of what it answers in a minute is left to people who look for somebody. */
const ROUNDS_MAX = 20;

type Deps = Pick<DomainDeps, 'db' | 'clock' | 'log' | 'cleansUp'>;

interface Parts {
  names: Pick<Names, 'find'>;
  users: {
    userChanged(userId: bigint): Promise<void>;
    showChange(userId: bigint, update: tl.Update): void;
  };
}

/**
 * Asks the data centre that gives names, once, for the names in cards that came while it was away, and for those that migration 135 has taken away, so that people do not stay without them
 * until their next card. What it has not answered stays noted in the cards.
 */
export class ClaimAsker implements AsyncDisposable {
  readonly #deps: Deps;
  readonly #parts: Parts;
  readonly #timer: TimerHandle;
  readonly #end = new AbortController();
  #asking: Promise<void> | undefined;

  /** Starts the timer. */
  constructor(deps: Deps, parts: Parts) {
    this.#deps = deps;
    this.#parts = parts;
    const { clock, cleansUp = () => true } = deps;
    this.#timer = clock.setInterval(() => cleansUp() && void this.doAsk(), LOOK_EVERY_MS);
  }

  /** Asks for some of them, as long as there are any and the other data centre answers. The log says what goes wrong. */
  doAsk(): Promise<void> {
    this.#asking ??= this.#ask()
      .catch((error: unknown) => this.#deps.log.warn({ err: error }, 'could not ask whose the names in cards are'))
      .finally(() => {
        this.#asking = undefined;
      });
    return this.#asking;
  }

  async #ask(): Promise<void> {
    const { db } = this.#deps;
    for (let round = 0; round < ROUNDS_MAX && !this.#end.signal.aborted; round++) {
      const claims = await listUnasked(db, CARDS_AT_ONCE);
      if (claims.length === 0 || !(await this.#askFor(claims)) || claims.length < CARDS_AT_ONCE) return;
    }
  }

  /** @returns false if the other data centre is away */
  async #askFor(claims: readonly Claims[]): Promise<boolean> {
    const { names } = this.#parts;
    const unsaid = new Set<string>();
    const phones = await names.find('phone', claims.flatMap((of) => of.claimed_phone ?? []), unsaid);
    const usernames = await names.find('username', claims.flatMap((of) => of.claimed_username?.toLowerCase() ?? []), unsaid);
    if (unsaid.size > 0) return false;
    const ownersOf = (owners: ReadonlyMap<string, bigint>, claimed: (of: Claims) => string | null): bigint[] =>
      claims.flatMap((of) => (owners.get(claimed(of)?.toLowerCase() ?? '') === of.person_id ? [of.person_id] : []));
    const owns = { phone: ownersOf(phones, (of) => of.claimed_phone), username: ownersOf(usernames, (of) => of.claimed_username) };
    await this.#deps.db.transact('save-answered-claims', async (tx) => {
      const answered = await saveAnswered(tx, claims, owns);
      const named = new Set([...owns.phone, ...owns.username]);
      tx.afterCommit(() => allDecided(answered.filter((card) => named.has(card.person_id)).map((card) => this.#show(card))));
    });
    return true;
  }

  #show({ person_id: personId, first_name, last_name, username }: RenamedCard): Promise<void> {
    const { users } = this.#parts;
    const settled = users.userChanged(personId);
    if (username !== null) users.showChange(personId, { _: 'updateUserName', user_id: personId, first_name, last_name, usernames: [{ _: 'username', editable: true, active: true, username }] });
    users.showChange(personId, { _: 'updateUser', user_id: personId });
    return settled;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer.cancel();
    this.#end.abort();
    await this.#asking;
  }
}
