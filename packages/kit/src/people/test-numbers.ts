/** Number of phone numbers 99966XYYYY. */
const NUMBERS = 100_000;

/** Phone numbers that log in with a known code, in a circle, so that they are not used again soon. */
export class TestNumbers {
  #next: number;

  /** @param start any integer ≥ 0: where the circle begins */
  constructor(start: number) {
    this.#next = start % NUMBERS;
  }

  /** Returns another number, which may be taken, and the code that belongs to it. */
  take(): { phone: string; code: string } {
    const digits = String(this.#next).padStart(5, '0');
    this.#next = (this.#next + 1) % NUMBERS;
    return { phone: `99966${digits}`, code: digits.charAt(0).repeat(5) };
  }
}
