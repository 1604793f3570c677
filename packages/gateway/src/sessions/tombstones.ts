/** What is remembered of one key. */
interface KeyTombstones {
  sessions: number;
  /** Of its sessions that ended when that many were remembered already: their highest message, and until when it counts. */
  floor: bigint;
  floorUntilMs: number;
}

/** Sessions of one key remembered each by itself. No client ends more within minutes, but one that means harm. */
const MAX_PER_KEY = 16;

/**
 * Remembers of sessions that ended early how far they had received, until the time window of their messages is over:
 * a packet recorded before the end must not run again in a new session under the same id.
 * Many of one key together have one floor, so that nobody fills the memory of all.
 */
export class Tombstones {
  readonly #highest = new Map<string, { authKeyId: bigint; msgId: bigint; untilMs: number }>();
  readonly #keys = new Map<bigint, KeyTombstones>();
  readonly #max: number;

  /** @param max sessions remembered from which on no more should end early. */
  constructor(max: number) {
    this.#max = max;
  }

  get isFull(): boolean {
    return this.#highest.size >= this.#max;
  }

  get size(): number {
    return this.#highest.size;
  }

  add(authKeyId: bigint, sessionId: bigint, msgId: bigint, untilMs: number): void {
    const key = this.#keys.get(authKeyId) ?? { sessions: 0, floor: 0n, floorUntilMs: 0 };
    this.#keys.set(authKeyId, key);
    if (key.sessions < MAX_PER_KEY) {
      key.sessions += 1;
      this.#highest.set(`${authKeyId}:${sessionId}`, { authKeyId, msgId, untilMs });
      return;
    }
    if (msgId > key.floor) key.floor = msgId;
    key.floorUntilMs = untilMs;
  }

  /** What a session had received that ended: no message up to here may be taken in a new one under its id. */
  floorOf(authKeyId: bigint, sessionId: bigint): bigint | undefined {
    const key = this.#keys.get(authKeyId);
    if (!key) return undefined;
    const own = this.#highest.get(`${authKeyId}:${sessionId}`)?.msgId ?? 0n;
    const floor = own > key.floor ? own : key.floor;
    return floor === 0n ? undefined : floor;
  }

  /** The floor of a session that begins. */
  take(authKeyId: bigint, sessionId: bigint): bigint | undefined {
    const floor = this.floorOf(authKeyId, sessionId);
    const key = this.#keys.get(authKeyId);
    if (key && this.#highest.delete(`${authKeyId}:${sessionId}`)) this.#forgetOne(authKeyId, key);
    return floor;
  }

  /** Forgets what is over; entries are in the order of their ends. */
  sweep(nowMs: number): void {
    for (const [id, { authKeyId, untilMs }] of this.#highest) {
      if (untilMs > nowMs) break;
      this.#highest.delete(id);
      const key = this.#keys.get(authKeyId);
      if (key) this.#forgetOne(authKeyId, key);
    }
    for (const [authKeyId, key] of this.#keys) {
      if (key.floorUntilMs > nowMs) continue;
      key.floor = 0n;
      if (key.sessions === 0) this.#keys.delete(authKeyId);
    }
  }

  #forgetOne(authKeyId: bigint, key: KeyTombstones): void {
    key.sessions -= 1;
    if (key.sessions === 0 && key.floor === 0n) this.#keys.delete(authKeyId);
  }
}
