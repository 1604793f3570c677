/** What can send all that waits in it at once. */
export interface Flushable {
  flush(): void;
}

/**
 * Collects what has something to send during one turn of the event loop and lets each send once at its end:
 * answers and updates that come together leave in one packet and one system call.
 */
export class FlushQueue {
  #waiting = new Set<Flushable>();
  #immediate: NodeJS.Immediate | undefined;

  add(target: Flushable): void {
    this.#waiting.add(target);
    this.#immediate ??= setImmediate(() => this.run());
  }

  /** Sends now. */
  run(): void {
    if (this.#immediate) clearImmediate(this.#immediate);
    this.#immediate = undefined;
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const target of waiting) target.flush();
  }

  [Symbol.dispose](): void {
    if (this.#immediate) clearImmediate(this.#immediate);
    this.#immediate = undefined;
    this.#waiting.clear();
  }
}
