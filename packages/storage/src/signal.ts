/** Notifies listeners in this process that something is new, and of what. */
export class Signal<T> {
  readonly #listeners = new Set<(value: T) => void>();

  /** Calls `fn` at each `fire`, until disposed. */
  listen(fn: (value: T) => void): Disposable {
    const listener = (value: T): void => fn(value);
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  fire(value: T): void {
    for (const listener of Array.from(this.#listeners)) listener(value);
  }
}
