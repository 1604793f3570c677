/** Message ids remembered; below the lowest of them nothing can be told from a replay. */
const CAPACITY = 2048;
/** How many are forgotten at a time when it is full. */
const FORGET = 512;
/** So many at first: typed arrays of up to 64 bytes need no memory of their own beside the object. */
const FIRST_CAPACITY = 8;
/** Before it grows beyond this, what is older than the newest by so many seconds is forgotten: a session that only pings stays small. */
const SMALL = 64;
const OLD_S = 3600n;
/** In place of a seq_no, for messages that are not content-related. */
const NO_SEQ = -1;

export type Verdict = 'new' | 'repeat' | 'too-old';

/**
 * The message ids received in one session, ascending, with the seq_no of the content-related ones.
 * Every id is either above the lowest remembered one, so that a repeat is recognised, or refused as too old.
 */
export class ReceivedWindow {
  #ids = new BigInt64Array(FIRST_CAPACITY);
  #seqs = new Int32Array(FIRST_CAPACITY);
  #length = 0;
  #floor: bigint;
  /** seq_no of the newest content-related message that was forgotten: what was refused beside it must not pass once it is gone. */
  #floorSeq = NO_SEQ;

  /** @param floor ids up to here count as too old: what an earlier session under the same id had received. */
  constructor(floor = 0n) {
    this.#floor = floor;
  }

  /** The highest id received, or the floor. */
  get highest(): bigint {
    return this.#length === 0 ? this.#floor : this.#ids[this.#length - 1]!;
  }

  /** Ids up to here were forgotten. */
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
   * Checks a content-related message against its neighbours: seq_no must ascend with msg_id.
   * @returns 32: a lower msg_id came with the same or a higher seq_no; 33: a higher msg_id with the same or a lower one.
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

  /** Remembers a message whose verdict was 'new'. @param seqNo only of content-related messages (odd). */
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

  /** Index of the first id that is not below `msgId`. Mostly the end: ids come ascending. */
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
