/** How long sending may take before incoming data is read again, in milliseconds. */
const SLICE_MS = 4;

/** An object that can send everything it has queued. */
export interface Flushable {
  flush(): void;
}

/**
 * Collects the connections that have something to send during one turn of the event loop and flushes each of them once at its end. Answers
 * and updates that are ready together leave in one packet and one system call.
 */
export class FlushQueue {
  #waiting = new Set<Flushable>();
  #immediate: NodeJS.Immediate | undefined;

  add(target: Flushable): void {
    this.#waiting.add(target);
    this.#immediate ??= setImmediate(() => this.#run(SLICE_MS));
  }

  /** Sends everything now. */
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
    // Those that were not flushed in time come first in the next turn.
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
