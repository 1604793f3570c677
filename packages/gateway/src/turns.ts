/** All work that was put off may take so long in one turn of the event loop. */
const TURN_MS = 4;

/**
 * Work that was put off to later turns of the event loop. Whoever has more to do than a moment's work goes on here, in turns
 * with the others of its kind and for some milliseconds a turn in all, so that it delays nobody who has little to do.
 */
export class Turns {
  #waiting: (() => void)[] = [];
  #immediate: NodeJS.Immediate | undefined;

  /** Does a piece of work in a later turn; one that is not done then puts off the rest again. It must not throw. */
  later(work: () => void): void {
    this.#waiting.push(work);
    this.#immediate ??= setImmediate(() => this.#run());
  }

  #run(): void {
    const endMs = performance.now() + TURN_MS;
    let done = 0;
    // What is put off meanwhile stands at the end: everyone has had a turn before anyone has two.
    while (done < this.#waiting.length && performance.now() < endMs) this.#waiting[done++]!();
    this.#waiting.splice(0, done);
    this.#immediate = this.#waiting.length > 0 ? setImmediate(() => this.#run()) : undefined;
  }

  [Symbol.dispose](): void {
    if (this.#immediate) clearImmediate(this.#immediate);
    this.#immediate = undefined;
    this.#waiting = [];
  }
}
