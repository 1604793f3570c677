/** What one person has sent, and what waits for its turn. */
interface Waiting {
  isBusy: boolean;
  messages: { msgId: number; start(): void }[];
}

/** Has the messages of each person answered one after the other, in their order: jobs that are taken at the same time begin in any order. */
export class Turns {
  readonly #people = new Map<bigint, Waiting>();

  /** Answers a message when those before it have been answered, as far as they were taken already. Throws what `answer` throws. */
  async take(ownerId: bigint, msgId: number, answer: () => Promise<void>): Promise<void> {
    const person = this.#people.get(ownerId) ?? { isBusy: false, messages: [] };
    this.#people.set(ownerId, person);
    await new Promise<void>((start) => {
      person.messages.push({ msgId, start });
      // Later, because the jobs of other messages may be taken in the same moment.
      queueMicrotask(() => this.#next(ownerId, person));
    });
    try {
      await answer();
    } finally {
      person.isBusy = false;
      this.#next(ownerId, person);
    }
  }

  #next(ownerId: bigint, person: Waiting): void {
    if (person.isBusy) return;
    const [first] = person.messages.sort((a, b) => a.msgId - b.msgId);
    if (first === undefined) {
      this.#people.delete(ownerId);
      return;
    }
    person.messages.shift();
    person.isBusy = true;
    first.start();
  }
}
