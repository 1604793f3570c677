/** In which polls the account's own vote was told, so that an answer that was asked for before that, and comes after it, does not take the vote back. */
export class ToldVotes {
  /** When the own vote was told last, by the id of the poll. */
  readonly #told = new Map<string, number>();
  #count = 0;

  /** How often an own vote was told. */
  get count(): number {
    return this.#count;
  }

  note(poll: string): void {
    this.#told.set(poll, ++this.#count);
  }

  /** The polls in which the own vote was told later. @param count how often one had been told before that */
  since(count: number): ReadonlySet<string> {
    return new Set([...this.#told].flatMap(([poll, at]) => (at > count ? poll : [])));
  }
}
