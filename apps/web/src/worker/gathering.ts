interface GatheringOptions<T> {
  /** How long it waits for more, in milliseconds. */
  waitMs: number;
  /** How many are loaded at once. */
  most: number;
  load(items: T[]): Promise<void>;
}

/** Gathers for a moment what is to be loaded, so that one call loads it all. What cannot be loaded is forgotten. */
export class Gathering<T> {
  readonly #options: GatheringOptions<T>;
  readonly #items = new Set<T>();
  #isWaiting = false;

  constructor(options: GatheringOptions<T>) {
    this.#options = options;
  }

  add(items: Iterable<T>): void {
    for (const item of items) this.#items.add(item);
    this.#wait();
  }

  #wait(): void {
    if (this.#items.size === 0 || this.#isWaiting) return;
    this.#isWaiting = true;
    setTimeout(() => void this.#load().catch(() => undefined), this.#options.waitMs);
  }

  async #load(): Promise<void> {
    this.#isWaiting = false;
    const items = [...this.#items].slice(0, this.#options.most);
    for (const item of items) this.#items.delete(item);
    this.#wait();
    await this.#options.load(items);
  }
}
