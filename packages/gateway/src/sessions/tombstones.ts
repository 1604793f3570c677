/** What is remembered about one key. */
interface KeyTombstones {
  sessions: number;
  /** Covers the key's sessions that are not remembered individually: their highest msg_id, and until when it counts. */
  floor: bigint;
  floorUntilMs: number;
}

/** Sessions of one key that are remembered individually. Only an attacker ends more than this within minutes. */
const MAX_PER_KEY = 16;

/**
 * Remembers the highest msg_id of each session that ended early, until messages of that age are refused anyway: a packet recorded before
 * the end must not run again in a new session with the same session_id. If a key ends many sessions, they share one floor, so no client can
 * fill the memory.
 */
export class Tombstones {
  readonly #highest = new Map<string, { authKeyId: bigint; msgId: bigint; untilMs: number }>();
  readonly #keys = new Map<bigint, KeyTombstones>();
  readonly #max: number;

  /** @param max number of remembered sessions from which on no session should end early */
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

  /** The highest msg_id that an ended session received. A new session with the same session_id must not accept messages up to it. */
  floorOf(authKeyId: bigint, sessionId: bigint): bigint | undefined {
    const key = this.#keys.get(authKeyId);
    if (!key) return undefined;
    const own = this.#highest.get(`${authKeyId}:${sessionId}`)?.msgId ?? 0n;
    const floor = own > key.floor ? own : key.floor;
    return floor === 0n ? undefined : floor;
  }

  /** Returns the floor for a new session and forgets it. */
  take(authKeyId: bigint, sessionId: bigint): bigint | undefined {
    const floor = this.floorOf(authKeyId, sessionId);
    const key = this.#keys.get(authKeyId);
    if (key && this.#highest.delete(`${authKeyId}:${sessionId}`)) this.#forgetOne(authKeyId, key);
    return floor;
  }

  /** Removes expired entries. They are ordered by expiry. */
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
