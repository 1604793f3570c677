import type { TimerHandle } from '@aerogram/runtime';

import { KitError } from './kit-error.ts';
import type { KitParts } from './kit-parts.ts';
import { deleteChat } from './people/groups.ts';
import { TestSet } from './test-set.ts';

/** The set that callers work in who name none. */
export const MAIN_SET = 'main';

/** How many people may wait to be deleted; the end of a set with more of them takes as long as their deletion. */
const LEAVING_MAX = 1000;

/** When nobody has asked for a set for so long, in milliseconds, people are deleted: that takes a test's time if it is done beside it. */
const QUIET_MS = 500;

type SetDeps = Pick<KitParts, 'domain' | 'log' | 'realClock' | 'botCalls'>;

/** All sets of a server. */
export class TestSets implements AsyncDisposable {
  readonly #kit: SetDeps;
  readonly #sets = new Map<string, TestSet>();
  #lastNumber = 0;
  /** People of sets that are over, who are still to be deleted. */
  readonly #leaving: bigint[] = [];
  #deleting: Promise<void> | undefined;
  /** Runs while people wait for a quiet moment. */
  #quiet: TimerHandle | undefined;
  #isStopped = false;

  constructor(kit: SetDeps, options: { hasLimits: boolean }) {
    this.#kit = kit;
    this.#make(MAIN_SET, options.hasLimits);
  }

  /** @throws KitError `invalid` when there is no such set */
  get(id: string): TestSet {
    const found = this.#sets.get(id);
    if (found === undefined) throw new KitError('invalid', `There is no set ${id}, or it is over`);
    this.#deleteWhenQuiet();
    return found;
  }

  /** The set that a person or bot belongs to. */
  setOf(userId: bigint): TestSet | undefined {
    for (const set of this.#sets.values()) if (set.people.has(userId) || set.bots.has(userId)) return set;
    return undefined;
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
    await this.#deleteDownTo(0);
  }

  /** Stops to delete people. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopped = true;
    this.#quiet?.cancel();
    await this.#deleting;
  }

  #make(id: string, hasLimits: boolean): TestSet {
    const set: TestSet = new TestSet(id, hasLimits, (peerId) => [...this.#sets.values()].some((other) => other !== set && other.owns(peerId)));
    this.#sets.set(id, set);
    return set;
  }

  /** Frees the names of a set at once. The people are deleted later, one by one, because it takes much longer. */
  async #empty(set: TestSet): Promise<void> {
    await (set.id === MAIN_SET ? set.settled() : set.close());
    const { people, bots, chats } = set.empty();
    const { auth } = this.#kit.domain;
    // Before their creators are gone, because public ones have names.
    for (const [peerId, creator] of chats) await deleteChat(creator, peerId);
    await auth.doFreeNames(people.map(({ id }) => id));
    await Promise.all(bots.map(({ id }) => auth.doDeleteBot(undefined, id)));
    this.#kit.botCalls.forget(new Set(bots.map(({ id }) => id)));
    this.#leaving.push(...people.map(({ id }) => id));
    this.#deleteWhenQuiet();
    if (this.#leaving.length > LEAVING_MAX) await this.#deleteDownTo(LEAVING_MAX / 2);
  }

  /** Deletes people when nobody asks for a set for a while; called whenever somebody does. */
  #deleteWhenQuiet(): void {
    this.#quiet?.cancel();
    if (this.#leaving.length === 0 || this.#isStopped) return;
    const quiet = this.#kit.realClock.setTimeout(() => void this.#deleteDownTo(0, () => this.#quiet === quiet), QUIET_MS);
    this.#quiet = quiet;
  }

  /**
   * Deletes those who wait longest, one by one, until only so many are left.
   * @param goesOn whether it is not too late for the next one
   */
  async #deleteDownTo(left: number, goesOn: () => boolean = () => true): Promise<void> {
    const isWanted = (): boolean => this.#leaving.length > left && !this.#isStopped && goesOn();
    this.#deleting = (this.#deleting ?? Promise.resolve()).then(() => this.#deletePeople(isWanted));
    await this.#deleting;
  }

  async #deletePeople(goesOn: () => boolean): Promise<void> {
    while (goesOn()) {
      const id = this.#leaving.shift()!;
      await this.#kit.domain.auth.doEndAccount(id, 'no longer needed').catch((error: unknown) => this.#kit.log.error({ err: error }, 'a person of a test could not be deleted'));
    }
  }
}
