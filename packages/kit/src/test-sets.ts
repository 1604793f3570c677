import type { BotCallLog } from './bot-call-log.ts';
import { KitError } from './kit-error.ts';
import type { KitParts } from './kit-parts.ts';
import { deleteChat } from './people/groups.ts';
import { TestSet } from './test-set.ts';

/** The set that callers work in who name none. */
export const MAIN_SET = 'main';

/** How many people and bots are deleted at once. */
const ENDS_AT_ONCE = 4;

interface SetDeps extends Pick<KitParts, 'domain'> {
  botCalls: Pick<BotCallLog, 'forget'>;
}

/** All sets of a server. */
export class TestSets {
  readonly #kit: SetDeps;
  readonly #sets = new Map<string, TestSet>();
  #lastNumber = 0;

  constructor(kit: SetDeps, options: { hasLimits: boolean }) {
    this.#kit = kit;
    this.#make(MAIN_SET, options.hasLimits);
  }

  /** @throws KitError `invalid` when there is no such set */
  get(id: string): TestSet {
    const found = this.#sets.get(id);
    if (found === undefined) throw new KitError('invalid', `There is no set ${id}, or it is over`);
    return found;
  }

  create({ hasLimits }: { hasLimits: boolean }): TestSet {
    return this.#make(`set${++this.#lastNumber}`, hasLimits);
  }

  /** Deletes the people, bots and chats of a set and frees their names. The set `main` goes on. */
  async end(set: TestSet): Promise<void> {
    if (set.id !== MAIN_SET) this.#sets.delete(set.id);
    await this.#empty(set);
  }

  /** Empties all sets, and ends all but `main`. */
  async reset(): Promise<void> {
    for (const set of this.#sets.values()) await this.end(set);
  }

  #make(id: string, hasLimits: boolean): TestSet {
    const set: TestSet = new TestSet(id, hasLimits, (peerId) => [...this.#sets.values()].some((other) => other !== set && other.owns(peerId)));
    this.#sets.set(id, set);
    return set;
  }

  async #empty(set: TestSet): Promise<void> {
    const { people, bots, chats } = set.empty(set.id !== MAIN_SET);
    const { auth } = this.#kit.domain;
    // Before their creators are gone, because public ones have names.
    for (const [peerId, creator] of chats) await deleteChat(creator, peerId);
    const ends = [...bots.map(({ id }) => () => auth.doDeleteBot(undefined, id)), ...people.map(({ id }) => () => auth.doEndAccount(id, 'no longer needed'))];
    for (let from = 0; from < ends.length; from += ENDS_AT_ONCE) await Promise.all(ends.slice(from, from + ENDS_AT_ONCE).map((end) => end()));
    this.#kit.botCalls.forget(new Set(bots.map(({ id }) => id)));
  }
}
