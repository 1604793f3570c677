/** The people, bots and names of one test, which do not see those of others. */
export interface TestSet {
  readonly id: string;
  /** Whether the limits of an ordinary server hold for its people and bots. */
  readonly hasLimits: boolean;
  readonly people: ReadonlySet<bigint>;
  readonly bots: ReadonlySet<bigint>;
  /** @param id decimal @throws KitError `invalid` when the set has no such person */
  person(id: string): { readonly id: bigint };
}
