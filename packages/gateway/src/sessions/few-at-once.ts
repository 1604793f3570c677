/** Too much waits: the newest is refused. */
export class TooManyWait extends Error {
  constructor() {
    super('too many look-ups wait');
    this.name = 'TooManyWait';
  }
}

/**
 * Lets only a few of a kind of work run at once, so that a flood of it leaves room for everything else that needs the same
 * thing. What came last goes first: in a flood most of what has waited long is not wanted any more.
 */
export class FewAtOnce {
  readonly #most: number;
  readonly #mostWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** @param most that run at once. @param mostWaiting beyond which work is refused. */
  constructor(most: number, mostWaiting: number) {
    this.#most = most;
    this.#mostWaiting = mostWaiting;
  }

  /** Does the work when there is room. @throws TooManyWait, or what the work throws */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#most) {
      if (this.#waiting.length >= this.#mostWaiting) throw new TooManyWait();
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running += 1;
    }
    try {
      return await work();
    } finally {
      // Whoever is woken has the place of this one.
      const next = this.#waiting.pop();
      if (next) next();
      else this.#running -= 1;
    }
  }
}
