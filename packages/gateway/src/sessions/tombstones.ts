/**
 * Remembers of sessions that ended early how far they had received, until the time window of their messages is over:
 * a packet recorded before the end must not run again in a new session under the same id.
 */
export class Tombstones {
  readonly #highest = new Map<string, { msgId: bigint; untilMs: number }>();
  readonly #max: number;

  /** @param max most sessions remembered. */
  constructor(max: number) {
    this.#max = max;
  }

  get isFull(): boolean {
    return this.#highest.size >= this.#max;
  }

  add(authKeyId: bigint, sessionId: bigint, msgId: bigint, untilMs: number): void {
    this.#highest.set(`${authKeyId}:${sessionId}`, { msgId, untilMs });
  }

  /** The floor of a session that begins. */
  take(authKeyId: bigint, sessionId: bigint): bigint | undefined {
    const id = `${authKeyId}:${sessionId}`;
    const found = this.#highest.get(id);
    this.#highest.delete(id);
    return found?.msgId;
  }

  /** Forgets what is over; entries are in the order of their ends. */
  sweep(nowMs: number): void {
    for (const [id, { untilMs }] of this.#highest) {
      if (untilMs > nowMs) return;
      this.#highest.delete(id);
    }
  }
}
