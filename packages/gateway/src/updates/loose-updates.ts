import type { BoxEvent, BoxPosition, BoxReach, LoggedUpdateEvent } from '@aerogram/domain';

/** More than this many waiting updates, and the session gets them from the database instead. */
const WAITING_MAX = 256;
/** Seconds that dates of two processes may differ by, and that a push may take to go out. */
const DATE_TOLERANCE_S = 1;

/**
 * The updates without pts (drafts, pins, folders …) of one box as one session gets them: counted from the box's beginning,
 * taken in their order, so that an older state never comes after a newer one. Pure.
 */
export class LooseUpdates {
  /** Up to this one they were handed over, wait here, or are known to the session that caused them. */
  #taken: number;
  /** The highest one that was heard of. */
  #heard: number;
  /** Those after `taken` stand at this pts or later. */
  #pts: number;
  /** Where the session came in. */
  #floor: number;
  /** Taken, and not due before what they followed. */
  #waiting: LoggedUpdateEvent[] = [];
  /** The second in which the session was last told of others, by a push or by a difference. */
  #toldDate = -Infinity;

  /** @param position of the owner's box, read after subscribing */
  constructor(position: BoxPosition) {
    this.#taken = position.looseSeq;
    this.#heard = position.looseSeq;
    this.#floor = position.looseSeq;
    this.#pts = position.pts;
  }

  get taken(): number {
    return this.#taken;
  }

  get pts(): number {
    return this.#pts;
  }

  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Whether one that was heard of is missing. */
  get lacks(): boolean {
    return this.#heard > this.#taken;
  }

  /**
   * Takes those of a hint that continue what was taken.
   * @param own the session that they go to caused them. It knows them from its answers; but pushes may be late, and an answer
   * then comes before the older update of another session: its own is said again behind that one, or the older state would stay
   */
  take(events: readonly BoxEvent[], own: boolean): void {
    for (const event of events) {
      if (!isLoose(event)) continue;
      if (event.looseSeq > this.#heard) this.#heard = event.looseSeq;
      if (event.looseSeq !== this.#taken + 1 || this.#waiting.length >= WAITING_MAX) continue;
      this.#taken = event.looseSeq;
      this.#pts = event.pts;
      // What was told before this one was made came before its answer, too.
      const isKnown = own && this.#waiting.length === 0 && event.date > this.#toldDate + DATE_TOLERANCE_S;
      if (!isKnown) this.#waiting.push(event);
    }
  }

  /** Takes what a read found, which is all up to `position`. */
  catchUp(events: readonly BoxEvent[], position: BoxPosition): void {
    if (position.looseSeq > this.#taken) {
      for (const event of events) if (isLoose(event) && event.looseSeq > this.#taken) this.#waiting.push(event);
    }
    this.#reached(position);
  }

  /** Those that go now, in the second `nowDate`, that the session has everything up to `pts`. */
  takeDue(pts: number, nowDate: number): BoxEvent[] {
    const due = this.#waiting.filter((event) => event.pts <= pts);
    if (due.length > 0) {
      this.#waiting = this.#waiting.filter((event) => event.pts > pts);
      this.#toldDate = nowDate;
    }
    return due;
  }

  /** A difference told the session of others; it may have been read before what an earlier answer said. */
  toldByDifference(nowDate: number): void {
    this.#toldDate = nowDate;
  }

  /** Whether the box being at `position` means that some are missing. */
  lags(position: BoxPosition): boolean {
    if (position.looseSeq > this.#taken) {
      this.#heard = Math.max(this.#heard, position.looseSeq);
      return true;
    }
    if (position.looseSeq === this.#taken && position.pts > this.#pts) this.#pts = position.pts;
    return false;
  }

  /**
   * An answer made when the box had so many of them is what the session begins with.
   * @returns whether that was before the session came in, so that those in between must follow
   */
  startAt(looseSeq: number, pts: number): boolean {
    if (looseSeq >= this.#floor) return false;
    this.#floor = looseSeq;
    this.rewind({ pts, looseSeq, loosePts: pts });
    return true;
  }

  /** Steps back to what was really pushed. */
  rewind({ looseSeq, loosePts }: BoxReach): void {
    this.#waiting = [];
    if (looseSeq >= this.#taken) return;
    this.#taken = looseSeq;
    this.#pts = Math.min(this.#pts, loosePts);
  }

  #reached({ looseSeq, pts }: BoxPosition): void {
    if (looseSeq < this.#taken) return;
    this.#taken = looseSeq;
    if (pts > this.#pts) this.#pts = pts;
    if (looseSeq > this.#heard) this.#heard = looseSeq;
  }
}

function isLoose(event: BoxEvent): event is LoggedUpdateEvent {
  return event.kind === 'update' && event.ptsCount === 0;
}
