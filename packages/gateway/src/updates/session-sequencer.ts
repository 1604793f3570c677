import type { BoxEvent, BoxHint, BoxPosition, BoxReach } from '@aerogram/domain';
import type { Clock } from '@aerogram/runtime';

import { LooseUpdates } from './loose-updates.ts';

/** If more entries than this wait, the session is caught up from the database instead. */
const HELD_MAX = 256;

/** The sequencer's decision about a hint. */
export type Offer = 'nothing' | 'hole' | BoxEvent[];

interface HeldEntry {
  from: number;
  to: number;
  /** The events to push; undefined for an event that the session learns from its own answer. */
  events: BoxEvent[] | undefined;
  /** The answer has been sent. */
  done: boolean;
}

/**
 * The order of one message box as one session sees it (rule S3, lossy hints). It decides what to push; the caller pushes.
 *
 * Invariant: everything up to `sent` was handed over for pushing or is in an answer, and what is handed over next begins exactly there.
 * `held` begins at `sent` and has no holes; its first entry is an event whose answer has not been sent yet. Updates without pts have an
 * order of their own (see {@link LooseUpdates}) and follow the event they came after.
 */
export class SessionSequencer {
  #sent: number;
  /** The position at which the session was attached: nothing before it was ever pushed. */
  #floor: number;
  /** The position that the latest difference has brought the session to; 0 before the first. */
  #known = 0;
  #held: HeldEntry[] = [];
  #heldSinceMs = 0;
  readonly #loose: LooseUpdates;
  readonly #clock: Clock;

  /** @param position of the owner's message box, read after subscribing */
  constructor(position: BoxPosition, clock: Clock) {
    this.#clock = clock;
    this.#sent = position.pts;
    this.#floor = position.pts;
    this.#loose = new LooseUpdates(position);
  }

  get sent(): number {
    return this.#sent;
  }

  /** Whether events wait for an answer of the session. */
  get isHolding(): boolean {
    return this.#held.length > 0;
  }

  /** Where a difference read has to start. */
  get reach(): BoxReach {
    return { pts: this.#sent, looseSeq: this.#loose.taken, loosePts: this.#loose.pts };
  }

  /** Whether hints of updates without pts are missing. */
  get lacksLoose(): boolean {
    return this.#loose.lacks;
  }

  /**
   * Handles a hint from the bus. Check {@link lacksLoose} afterwards, whatever the result.
   * @param own whether this session caused the hint's events: they are in its answer, and later events wait for that answer
   * @returns the events to push now, 'nothing', or 'hole' when hints in between are missing
   */
  offer(hint: BoxHint, own: boolean): Offer {
    if (hint.looseCount > 0) this.#loose.take(hint.events, own);
    const { pts: to, ptsCount } = hint;
    if (ptsCount === 0) {
      if (!own && to > this.#heldEnd()) return 'hole';
      return this.#loose.isWaiting ? orNothing(this.#withLoose([])) : 'nothing';
    }
    if (to <= this.#sent) return 'nothing';
    if (own) return this.#holdOwn(hint);
    const from = to - ptsCount;
    const events = hint.looseCount === 0 ? hint.events : hint.events.filter((event) => event.ptsCount > 0);
    if (this.#held.length > 0 || from > this.#sent) return this.#hold({ from, to, events, done: false });
    return this.#withLoose(this.#advance(events, to));
  }

  /**
   * Records that an answer of this session carries the step `from → to`; a difference begins at 0.
   * @param looseSeq number of updates without pts that the answer covers, if it covers all of them
   * @returns 'hole' when something before `from` has neither been sent nor is part of another pending answer; 'behind' when the answer was
   * made before the session was attached, or is a difference older than what was pushed, so that the events in between must follow it;
   * otherwise the events that waited for this answer, to push after it
   */
  answered(from: number, to: number, looseSeq?: number): 'hole' | 'behind' | BoxEvent[] {
    if (from === 0) this.#known = to;
    // Clients ignore pushed updates while they wait for a difference, so what was pushed beyond that difference has to be pushed again.
    if (from === 0 && looseSeq !== undefined && this.#hasPushedBeyond(to, looseSeq)) {
      this.#floor = Math.min(this.#floor, to);
      this.rewind({ pts: to, looseSeq, loosePts: to });
      return 'behind';
    }
    if (from === 0) this.#loose.toldByDifference(this.#clock.now());
    const isLooseBehind = looseSeq !== undefined && this.#loose.startAt(looseSeq, to);
    // The answer to a repeated call may contain an event from before the session, which has all that followed it.
    if (to < this.#floor && (from === 0 || to > this.#known)) {
      this.#floor = to;
      this.#sent = Math.min(this.#sent, to);
      this.#held = [];
      return 'behind';
    }
    if (isLooseBehind) return 'behind';
    if (from > this.#sent) {
      if (from > this.#heldEnd()) return 'hole';
      for (const entry of this.#held) {
        if (entry.events === undefined && entry.from >= from && entry.to <= to) entry.done = true;
      }
      // The answer came before its own hint.
      const end = this.#heldEnd();
      if (to > end) this.#held.push({ from: end, to, events: undefined, done: true });
      return [];
    }
    if (to > this.#sent) this.#sent = to;
    return this.#withLoose(this.#drain());
  }

  /**
   * Takes the result of a difference read: everything from a {@link reach} not beyond this one's up to `position`.
   * @returns the events to push
   */
  catchUp(events: readonly BoxEvent[], position: BoxPosition): BoxEvent[] {
    const { pts } = position;
    this.#loose.catchUp(events, position);
    if (pts <= this.#sent) return this.#withLoose([]);
    const news = events.filter((event) => event.ptsCount > 0 && event.pts > this.#sent);
    this.#sent = pts;
    this.#held = this.#held.filter((entry) => entry.to > pts);
    if (this.#held[0] !== undefined && this.#held[0].from > pts) this.#held = [];
    news.push(...this.#drain());
    return this.#withLoose(news);
  }

  /** Goes back to what was really pushed, after a projection failed. The next repair pushes the rest. */
  rewind(pushed: BoxReach): void {
    if (pushed.pts < this.#sent) this.#sent = pushed.pts;
    this.#held = [];
    this.#loose.rewind(pushed);
  }

  /**
   * Whether this session misses something that no pending answer will bring, given that the box is at `position`.
   * @param patienceMs how long an answer may be pending
   */
  lags(position: BoxPosition, patienceMs: number): boolean {
    const { pts } = position;
    if (pts > this.#sent) {
      const isAwaited = this.#held.length > 0 && pts <= this.#heldEnd() && this.#clock.monotonicMs() - this.#heldSinceMs < patienceMs;
      if (isAwaited) return false;
      this.#held = [];
      return true;
    }
    return this.#loose.lags(position);
  }

  /** Adds the updates without pts that are due, each after the event it followed. */
  #withLoose(news: BoxEvent[]): BoxEvent[] {
    if (!this.#loose.isWaiting) return news;
    const due = this.#loose.takeDue(this.#sent, this.#clock.now());
    if (news.length === 0 || due.length === 0) return news.length === 0 ? due : news;
    // The sort is stable, so at the same pts events come before updates without pts.
    return [...news, ...due].sort((a, b) => a.pts - b.pts);
  }

  #hasPushedBeyond(pts: number, looseSeq: number): boolean {
    return pts < this.#sent || looseSeq < this.#loose.taken;
  }

  #heldEnd(): number {
    return this.#held.at(-1)?.to ?? this.#sent;
  }

  /** Adds one entry per event, because each event of a batch of sends has its own answer. */
  #holdOwn(hint: BoxHint): Offer {
    let from = hint.pts - hint.ptsCount;
    for (const event of hint.events) {
      if (event.ptsCount === 0) continue;
      if (event.pts > this.#heldEnd()) {
        const offer = this.#hold({ from, to: event.pts, events: undefined, done: false });
        if (offer === 'hole') return 'hole';
      }
      from = event.pts;
    }
    return 'nothing';
  }

  /** Keeps an entry that continues the held ones; anything else is a hole. */
  #hold(entry: HeldEntry): Offer {
    const end = this.#heldEnd();
    if (entry.to <= end) return 'nothing';
    const continues = entry.from === end && (this.#held.length > 0 || entry.events === undefined);
    if (!continues || this.#held.length >= HELD_MAX) return 'hole';
    if (this.#held.length === 0) this.#heldSinceMs = this.#clock.monotonicMs();
    this.#held.push(entry);
    return 'nothing';
  }

  #advance(events: BoxEvent[], to: number): BoxEvent[] {
    const news = events[0] !== undefined && events[0].pts - events[0].ptsCount >= this.#sent
      ? events
      : events.filter((event) => event.pts > this.#sent);
    this.#sent = to;
    return news;
  }

  #drain(): BoxEvent[] {
    const news: BoxEvent[] = [];
    for (;;) {
      const entry = this.#held[0];
      if (entry === undefined) return news;
      if (entry.events !== undefined && entry.from <= this.#sent) {
        news.push(...entry.events.filter((event) => event.pts > this.#sent));
        this.#sent = Math.max(this.#sent, entry.to);
      } else if (entry.events === undefined && (entry.done || entry.to <= this.#sent)) {
        this.#sent = Math.max(this.#sent, entry.to);
      } else {
        return news;
      }
      this.#held.shift();
    }
  }
}

function orNothing(events: BoxEvent[]): Offer {
  return events.length === 0 ? 'nothing' : events;
}
