/** Work that was put off may take so long at a stretch … */
const TURN_MS = 4;
/** … and then rests for as long, or this part of it, so that what others send is read in between. */
const REST = 1;

/**
 * Work that was put off. Whoever has more to do than a moment's work goes on here, in turns with the others of its kind and for
 * some milliseconds at a stretch in all, so that it delays nobody who has little to do.
 */
export class Turns {
  #waiting: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** Does a piece of work later; one that is not done then puts off the rest again. It must not throw. */
  later(work: () => void): void {
    this.#waiting.push(work);
    this.#timer ??= setTimeout(() => this.#run(), 0);
  }

  #run(): void {
    const startedMs = performance.now();
    let done = 0;
    // What is put off meanwhile stands at the end: everyone has had a turn before anyone has two.
    while (done < this.#waiting.length && performance.now() - startedMs < TURN_MS) this.#waiting[done++]!();
    this.#waiting.splice(0, done);
    const restMs = (performance.now() - startedMs) * REST;
    this.#timer = this.#waiting.length > 0 ? setTimeout(() => this.#run(), restMs) : undefined;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = [];
  }
}
