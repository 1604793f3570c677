import type { TestSet } from './test-set.ts';

/** All sets of a server. */
export interface TestSets {
  /** @throws KitError `invalid` when there is no such set */
  get(id: string): TestSet;
  create(options: { hasLimits: boolean }): TestSet;
  /** Deletes the people, bots and chats of a set and frees their names. */
  end(set: TestSet): Promise<void>;
  /** Empties all sets, and ends all but `main`. */
  reset(): Promise<void>;
}
