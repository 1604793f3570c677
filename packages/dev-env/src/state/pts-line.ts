interface Step {
  pts: number;
  ptsCount: number;
  apply: () => void;
}

/**
 * The line of events of a box: each is applied only where it continues the pts, and waits while there is a hole before it.
 * @see https://core.telegram.org/api/updates
 */
export class PtsLine {
  pts = 0;
  #waiting: Step[] = [];
  readonly #violations: string[];

  /** @param violations takes rules that the server breaks, in words */
  constructor(violations: string[]) {
    this.#violations = violations;
  }

  /** True while an event waits for an earlier one. */
  get hasHole(): boolean {
    return this.#waiting.length > 0;
  }

  /** Describes the waiting updates and what they wait for. */
  get holes(): string {
    return `${this.pts}, waiting: ${this.#waiting.map(({ pts, ptsCount }) => `${pts - ptsCount} → ${pts}`).join(', ') || 'none'}`;
  }

  /** Applies an event now or when what comes before it is there; one that is known already is passed over. */
  step({ pts, pts_count: ptsCount }: { pts: number; pts_count: number }, apply: () => void): void {
    if (ptsCount === 0) return apply();
    // Known from a difference, or from an answer that this repeats.
    if (pts <= this.pts) return;
    this.#waiting.push({ pts, ptsCount, apply });
    this.#drain();
  }

  /** Moves to a position that was read; what waited for it follows. */
  moveTo(pts: number): void {
    this.pts = pts;
    this.#drain();
  }

  #drain(): void {
    this.#waiting.sort((a, b) => a.pts - b.pts);
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const from = next.pts - next.ptsCount;
      if (next.pts > this.pts && from > this.pts) return;
      this.#waiting.shift();
      if (next.pts <= this.pts) continue;
      if (from < this.pts) this.#violations.push(`pts ${next.pts} with pts_count ${next.ptsCount} overlaps the known ${this.pts}`);
      this.pts = next.pts;
      next.apply();
    }
  }
}
