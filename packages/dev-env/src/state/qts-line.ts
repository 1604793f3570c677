import { PtsLine } from './pts-line.ts';

/** The qts of an update; undefined if it has none. */
export function qtsOf(update: object): number | undefined {
  return 'qts' in update && typeof update.qts === 'number' ? update.qts : undefined;
}

/**
 * The events of a box that have a qts, as a strict client follows them: each continues the qts, and those that were pushed on one connection follow each other without a hole,
 * none of them twice.
 * @see https://core.telegram.org/api/updates
 */
export class QtsLine {
  readonly #line: PtsLine;
  readonly #violations: string[];
  /** The last qts that was pushed, if what is pushed next must follow it. */
  #pushed: number | undefined;
  #isReading = false;

  /** @param violations takes rules that the server breaks, in words */
  constructor(violations: string[]) {
    this.#violations = violations;
    this.#line = new PtsLine(violations);
  }

  get qts(): number {
    return this.#line.pts;
  }

  /** True while an event waits for an earlier one. */
  get hasHole(): boolean {
    return this.#line.hasHole;
  }

  /** Describes the waiting events and what they wait for. */
  get holes(): string {
    return this.#line.holes;
  }

  /** Takes an event now or when what comes before it is there; one that is known already is passed over. */
  step(qts: number, via: 'push' | 'answer', apply: () => void): void {
    if (qts <= 1) this.#violations.push(`rule P3: an event has qts ${qts}`);
    if (via === 'push') {
      if (!this.#isReading && this.#pushed !== undefined && qts !== this.#pushed + 1) this.#violations.push(`rule S3: pushed qts ${qts} after ${this.#pushed}`);
      this.#pushed = qts;
    }
    this.#line.step({ pts: qts, pts_count: 1 }, apply);
  }

  /** Moves to a position that was read; what waited for it follows. */
  moveTo(qts: number): void {
    this.#line.moveTo(qts);
  }

  /**
   * Notes that an answer named a position, or that a connection began: what was pushed may be pushed again.
   * @param isReading true while the answer with a position is awaited; unchanged by default. A push may come before that answer, and be repeated because of it. So pushes may
   * repeat until this is called with false
   */
  expectPushesAgain(isReading = this.#isReading): void {
    this.#isReading = isReading;
    this.#pushed = undefined;
  }
}
