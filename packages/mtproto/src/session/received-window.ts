/** Number of message ids that are remembered; below the lowest one a replay cannot be recognized. */
const CAPACITY = 2048;
/** How many are forgotten at a time when it is full. */
const FORGET = 512;
/** Initial size: typed arrays of up to 64 bytes are stored inside the object. */
const FIRST_CAPACITY = 8;
/** Before the window grows beyond this number of ids, old ones are forgotten, so the window of a session that only pings stays small. */
const SMALL = 64;
/** Ids count as old that are this many seconds older than the newest one. */
const OLD_S = 3600n;
/** Stored instead of a seq_no for messages that are not content-related. */
const NO_SEQ = -1;

export type Verdict = 'new' | 'repeat' | 'too-old';

/**
 * The message ids received in one session in ascending order, with the seq_no of content-related messages. Every id at or below the floor
 * is refused as too old; above it a repeat is recognized.
 */
export class ReceivedWindow {
  #ids = new BigInt64Array(FIRST_CAPACITY);
  #seqs = new Int32Array(FIRST_CAPACITY);
  #length = 0;
  #floor: bigint;
  /**
   * seq_no of the newest forgotten content-related message: a message refused because of it must not be accepted after it was forgotten.
   */
  #floorSeq = NO_SEQ;

  /** @param floor ids up to this one count as too old: an earlier session with the same session_id may have received them. */
  constructor(floor = 0n) {
    this.#floor = floor;
  }

  /** The highest id received, or the floor. */
  get highest(): bigint {
    return this.#length === 0 ? this.#floor : this.#ids[this.#length - 1]!;
  }

  /** All ids up to this one were forgotten. */
  get floor(): bigint {
    return this.#floor;
  }

  verdict(msgId: bigint): Verdict {
    if (msgId > this.highest) return 'new';
    if (msgId <= this.#floor) return 'too-old';
    return this.#ids[this.#position(msgId)] === msgId ? 'repeat' : 'new';
  }

  /** Whether a received message was content-related. */
  isContent(msgId: bigint): boolean {
    const position = this.#position(msgId);
    return position < this.#length && this.#ids[position] === msgId && this.#seqs[position] !== NO_SEQ;
  }

  /**
   * Checks the seq_no of a content-related message against its neighbours: seq_no must increase with msg_id.
   * @returns 32: a message with a lower msg_id had the same or a higher seq_no; 33: one with a higher msg_id had the same or a lower one.
   * @see https://core.telegram.org/mtproto/service_messages_about_messages#notice-of-ignored-error-message
   */
  orderError(msgId: bigint, seqNo: number): 32 | 33 | undefined {
    const position = this.#position(msgId);
    let below = position - 1;
    while (below >= 0 && this.#seqs[below] === NO_SEQ) below -= 1;
    if ((below >= 0 ? this.#seqs[below]! : this.#floorSeq) >= seqNo) return 32;
    for (let i = position; i < this.#length; i++) {
      if (this.#seqs[i] === NO_SEQ) continue;
      if (this.#seqs[i]! <= seqNo) return 33;
      break;
    }
    return undefined;
  }

  /** Stores a message whose verdict was 'new'. @param seqNo only for content-related messages (odd). */
  add(msgId: bigint, seqNo: number | undefined): void {
    if (this.#length === this.#ids.length) this.#makeRoom();
    const position = this.#position(msgId);
    if (position < this.#length) {
      this.#ids.copyWithin(position + 1, position, this.#length);
      this.#seqs.copyWithin(position + 1, position, this.#length);
    }
    this.#ids[position] = msgId;
    this.#seqs[position] = seqNo ?? NO_SEQ;
    this.#length += 1;
  }

  /** Index of the first id that is not below `msgId`. Usually the end, because ids arrive in ascending order. */
  #position(msgId: bigint): number {
    if (this.#length === 0 || msgId > this.#ids[this.#length - 1]!) return this.#length;
    let low = 0;
    let high = this.#length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#ids[middle]! < msgId) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #makeRoom(): void {
    if (this.#length >= SMALL) {
      const old = this.#position(this.highest - (OLD_S << 32n));
      if (old > 0) return this.#forget(old);
    }
    if (this.#length === CAPACITY) this.#forget(FORGET);
    else this.#grow();
  }

  #grow(): void {
    const ids = new BigInt64Array(this.#ids.length * 2);
    const seqs = new Int32Array(ids.length);
    ids.set(this.#ids);
    seqs.set(this.#seqs);
    this.#ids = ids;
    this.#seqs = seqs;
  }

  #forget(count: number): void {
    this.#floor = this.#ids[count - 1]!;
    const newest = this.#seqs.subarray(0, count).findLast((seqNo) => seqNo !== NO_SEQ);
    this.#floorSeq = newest ?? this.#floorSeq;
    this.#ids.copyWithin(0, count, this.#length);
    this.#seqs.copyWithin(0, count, this.#length);
    this.#length -= count;
  }
}
