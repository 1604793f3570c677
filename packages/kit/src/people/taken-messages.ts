/** A wait for a message. */
export interface MessageWait extends Disposable {
  /** The newest message that had been taken when the wait began. */
  readonly after: number;
  /** Whether nobody has taken a message since the wait began. */
  isFree(id: number): boolean;
  take(id: number): void;
}

/** What a person has taken of the messages of one chat. Several waits may run at the same time: each message goes to one of them. */
export class TakenMessages {
  #newest = 0;
  /** What has been taken since each wait that runs began. */
  readonly #waits = new Set<Set<number>>();

  /** Begins a wait, which ends when it is disposed. */
  wait(): MessageWait {
    const taken = new Set<number>();
    this.#waits.add(taken);
    return {
      after: this.#newest,
      isFree: (id) => !taken.has(id),
      take: (id) => {
        this.#newest = Math.max(this.#newest, id);
        for (const each of this.#waits) each.add(id);
      },
      [Symbol.dispose]: () => void this.#waits.delete(taken),
    };
  }
}
