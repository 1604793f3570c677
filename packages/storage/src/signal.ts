/** Notifies listeners in this process that something is new; they read themselves what it is. */
export class Signal {
  readonly #listeners = new Set<() => void>();

  /** Calls `fn` at each `fire`, until disposed. */
  listen(fn: () => void): Disposable {
    const listener = (): void => fn();
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  fire(): void {
    for (const listener of Array.from(this.#listeners)) listener();
  }
}
