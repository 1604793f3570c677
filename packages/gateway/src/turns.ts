/** Work that was put off may take so long at a stretch … */
const TURN_MS = 2;
/** … and then rests for so many times as long, in which what others do, who have to come back several times for one message, is not held up … */
const REST = 2;
/** … but no longer than this, however much the others have to do. */
const MOST_REST_MS = 40;

/**
 * Work that was put off. Whoever has more to do than a moment's work goes on here, in turns with the others of its kind and for
 * some milliseconds at a stretch in all, so that it delays nobody who has little to do.
 */
export class Turns {
  #waiting: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** From the beginning of a turn until it is known how long it took. */
  #isUnderWay = false;
  #ending: NodeJS.Immediate | undefined;
  #restedAtMs = 0;

  /** Does a piece of work later; one that is not done then puts off the rest again. It must not throw. */
  later(work: () => void): void {
    this.#waiting.push(work);
    if (!this.#isUnderWay) this.#timer ??= setTimeout(() => this.#run(), Math.max(0, this.#restedAtMs - performance.now()));
  }

  #run(): void {
    this.#timer = undefined;
    this.#isUnderWay = true;
    const startedMs = performance.now();
    let done = 0;
    // What is put off meanwhile stands at the end: everyone has had a turn before anyone has two.
    while (done < this.#waiting.length && performance.now() - startedMs < TURN_MS) this.#waiting[done++]!();
    this.#waiting.splice(0, done);
    // Much of what a piece of work costs is done in promises that it leaves behind, so the clock stops after them.
    this.#ending = setImmediate(() => this.#rest(startedMs));
  }

  #rest(startedMs: number): void {
    this.#isUnderWay = false;
    const nowMs = performance.now();
    const restMs = Math.min((nowMs - startedMs) * REST, MOST_REST_MS);
    this.#restedAtMs = nowMs + restMs;
    if (this.#waiting.length > 0) this.#timer = setTimeout(() => this.#run(), restMs);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#ending);
    this.#timer = undefined;
    this.#isUnderWay = false;
    this.#waiting = [];
  }
}
