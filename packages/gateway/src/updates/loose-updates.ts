import type { BoxEvent, BoxPosition, BoxReach, LoggedUpdateEvent } from '@aerogram/domain';

/** If more updates than this wait, the session gets the rest from the database instead. */
const WAITING_MAX = 256;
/** Allows for clock differences between two processes and for the time a push takes to leave, in seconds. */
const DATE_TOLERANCE_S = 1;

/**
 * The updates without pts (drafts, pins, folders …) of one message box, as one session gets them. They are numbered (`looseSeq`) from the
 * start of the box and taken in order, so an older state never follows a newer one. Pure.
 */
export class LooseUpdates {
  /** All updates up to this number have been handed over, wait here, or are known to the session that caused them. */
  #taken: number;
  /** The highest number seen. */
  #heard: number;
  /** Updates after `taken` have this pts or a higher one. */
  #pts: number;
  /** The number at which the session was attached. */
  #floor: number;
  /** Updates that were taken but must wait until the events before them have been handed over. */
  #waiting: LoggedUpdateEvent[] = [];
  /** The second in which the session was last sent updates without pts of other sessions, by a push or by a difference. */
  #toldDate = -Infinity;

  /** @param position of the owner's message box, read after subscribing */
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

  /** Whether an update that was announced is missing. */
  get lacks(): boolean {
    return this.#heard > this.#taken;
  }

  /**
   * Takes the updates of a hint that continue the sequence.
   * @param own whether the session itself caused them. It knows them from its answers, but pushes may be late: an older update of another
   * session may arrive after the answer. In that case the session's own update is pushed again behind it, or the older state would stay
   */
  take(events: readonly BoxEvent[], own: boolean): void {
    for (const event of events) {
      if (!isLoose(event)) continue;
      if (event.looseSeq > this.#heard) this.#heard = event.looseSeq;
      if (event.looseSeq !== this.#taken + 1 || this.#waiting.length >= WAITING_MAX) continue;
      this.#taken = event.looseSeq;
      this.#pts = event.pts;
      // Updates pushed before this one was made also came before its answer.
      const isKnown = own && this.#waiting.length === 0 && event.date > this.#toldDate + DATE_TOLERANCE_S;
      if (!isKnown) this.#waiting.push(event);
    }
  }

  /** Takes the result of a read, which contains everything up to `position`. */
  catchUp(events: readonly BoxEvent[], position: BoxPosition): void {
    if (position.looseSeq > this.#taken) {
      for (const event of events) if (isLoose(event) && event.looseSeq > this.#taken) this.#waiting.push(event);
    }
    this.#reached(position);
  }

  /** Removes and returns the updates to push now, in second `nowDate`, when the session has every event up to `pts`. */
  takeDue(pts: number, nowDate: number): BoxEvent[] {
    const due = this.#waiting.filter((event) => event.pts <= pts);
    if (due.length > 0) {
      this.#waiting = this.#waiting.filter((event) => event.pts > pts);
      this.#toldDate = nowDate;
    }
    return due;
  }

  /**
   * Records that a difference told the session of other sessions' updates. The difference may have been read before an earlier answer was
   * made.
   */
  toldByDifference(nowDate: number): void {
    this.#toldDate = nowDate;
  }

  /** Whether updates are missing, given that the message box is at `position`. */
  lags(position: BoxPosition): boolean {
    if (position.looseSeq > this.#taken) {
      this.#heard = Math.max(this.#heard, position.looseSeq);
      return true;
    }
    if (position.looseSeq === this.#taken && position.pts > this.#pts) this.#pts = position.pts;
    return false;
  }

  /**
   * The session starts from an answer that was made when the box had `looseSeq` updates without pts.
   * @returns whether that was before the session was attached, so the updates in between must be pushed
   */
  startAt(looseSeq: number, pts: number): boolean {
    if (looseSeq >= this.#floor) return false;
    this.#floor = looseSeq;
    this.rewind({ pts, looseSeq, loosePts: pts });
    return true;
  }

  /** Goes back to what was really pushed. */
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
