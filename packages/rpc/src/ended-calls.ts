export type Outcome = 'ok' | 'failed';

/** Clients only refer to very recent calls; keeping more would waste memory in each session. */
const KEPT = 128;
/** Initial size: typed arrays of up to 64 bytes are stored inside the object. */
const KEPT_AT_FIRST = 8;

/**
 * The outcomes of a session's latest calls. Thousands of sessions may be idle, so the ids are in a typed array, where each takes 8 bytes
 * instead of about 60.
 */
export class EndedCalls {
  #msgIds = new BigInt64Array(KEPT_AT_FIRST);
  #count = 0;
  /** Undefined while no call failed. */
  #failed: Set<bigint> | undefined;

  add(msgId: bigint, outcome: Outcome): void {
    if (this.#count === this.#msgIds.length && this.#count < KEPT) this.#grow();
    const at = this.#count % this.#msgIds.length;
    if (this.#count >= this.#msgIds.length) this.#failed?.delete(this.#msgIds[at]!);
    if (this.#failed?.size === 0) this.#failed = undefined;
    this.#msgIds[at] = msgId;
    this.#count += 1;
    if (outcome === 'failed') (this.#failed ??= new Set<bigint>()).add(msgId);
  }

  /** @returns undefined for a call that has not ended, or ended long ago */
  find(msgId: bigint): Outcome | undefined {
    const at = this.#msgIds.indexOf(msgId);
    if (at === -1 || at >= this.#count) return undefined;
    return this.#failed?.has(msgId) === true ? 'failed' : 'ok';
  }

  #grow(): void {
    const before = this.#msgIds;
    this.#msgIds = new BigInt64Array(before.length * 2);
    this.#msgIds.set(before);
  }
}
