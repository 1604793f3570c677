/** So long sending may take before what has come is read again. */
const SLICE_MS = 4;

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
    this.#immediate ??= setImmediate(() => this.#run(SLICE_MS));
  }

  /** Sends now all that waits. */
  run(): void {
    if (this.#immediate) clearImmediate(this.#immediate);
    this.#run(Infinity);
  }

  #run(mostMs: number): void {
    this.#immediate = undefined;
    const waiting = this.#waiting;
    this.#waiting = new Set();
    const startedMs = performance.now();
    for (const target of waiting) {
      target.flush();
      waiting.delete(target);
      if (performance.now() - startedMs >= mostMs) break;
    }
    if (waiting.size === 0) return;
    // Those who did not come to it are the first of the next turn.
    const later = this.#waiting;
    this.#waiting = waiting;
    for (const target of later) waiting.add(target);
    this.#immediate ??= setImmediate(() => this.#run(SLICE_MS));
  }

  [Symbol.dispose](): void {
    if (this.#immediate) clearImmediate(this.#immediate);
    this.#immediate = undefined;
    this.#waiting.clear();
  }
}
