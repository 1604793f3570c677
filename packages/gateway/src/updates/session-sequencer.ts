import type { BoxEvent, BoxHint } from '@aerogram/domain';

/** More than this many waiting entries, and the session is caught up from the database instead. */
const HELD_MAX = 256;

/** What a session does with a hint. */
export type Offer = 'nothing' | 'hole' | BoxEvent[];

interface HeldEntry {
  from: number;
  to: number;
  /** To be pushed; undefined for an event that the session learns from its own answer. */
  events: BoxEvent[] | undefined;
  /** The answer has gone out. */
  done: boolean;
}

/**
 * The order of one box as one session sees it (STORAGE-RULES 3). Pure: it decides, the feed pushes.
 *
 * Invariant: everything up to `sent` was handed over for pushing or stands in an answer; what is handed over next begins
 * exactly there. `held` begins at `sent` and has no holes: it starts with an event whose answer is still under way.
 */
export class SessionSequencer {
  #sent: number;
  /** Where the session came in: nothing before it was ever pushed. */
  #floor: number;
  #held: HeldEntry[] = [];
  #heldSinceMs = 0;
  /** Events without pts that came before what they follow; a difference read of that moment may not have them yet. */
  #loose: BoxEvent[] = [];

  /** @param pts the owner's counter, read after subscribing */
  constructor(pts: number) {
    this.#sent = pts;
    this.#floor = pts;
  }

  get sent(): number {
    return this.#sent;
  }

  /**
   * Takes a hint as it comes from the bus.
   * @param own the hint's events were caused by this session: they are in its answer, later ones wait for that
   * @returns the events to push now, 'nothing', or 'hole' when hints in between are missing
   */
  offer(hint: BoxHint, own: boolean, nowMs: number): Offer {
    const { pts: to, ptsCount } = hint;
    const from = to - ptsCount;
    if (ptsCount === 0) {
      if (own) return 'nothing';
      if (to <= this.#sent) return hint.events;
      const offer = this.#hold({ from, to, events: hint.events, done: false }, nowMs);
      if (offer === 'hole') this.#loosen([{ from, to, events: hint.events, done: false }]);
      return offer;
    }
    if (to <= this.#sent) return 'nothing';
    if (own) return this.#holdOwn(hint, nowMs);
    if (this.#held.length > 0 || from > this.#sent) {
      return this.#hold({ from, to, events: hint.events, done: false }, nowMs);
    }
    return this.#withLoose(this.#advance(hint.events, to));
  }

  /**
   * An answer of this session carries the step `from → to`.
   * @returns 'hole' when something before `from` has neither been sent nor is under way in another answer; 'behind' when
   * the answer was made before the session came in, so that what happened in between must follow it; else what had
   * waited for this answer and follows it now
   */
  answered(from: number, to: number): 'hole' | 'behind' | BoxEvent[] {
    if (to < this.#floor) {
      this.#floor = to;
      this.rewind(to);
      return 'behind';
    }
    if (from > this.#sent) {
      if (from > this.#heldEnd()) return 'hole';
      for (const entry of this.#held) {
        if (entry.events === undefined && entry.from >= from && entry.to <= to) entry.done = true;
      }
      // The answer overtook its own hint.
      const end = this.#heldEnd();
      if (to > end) this.#held.push({ from: end, to, events: undefined, done: true });
      return [];
    }
    if (to > this.#sent) this.#sent = to;
    return this.#withLoose(this.#drain());
  }

  /**
   * Takes what a difference read found: all events in `(after, pts]`, where `after` ≤ {@link sent}.
   * @returns the events to push
   */
  catchUp(events: readonly BoxEvent[], pts: number): BoxEvent[] {
    if (pts <= this.#sent) return [];
    const news = events.filter((event) => event.pts > this.#sent);
    this.#sent = pts;
    this.#loosen(this.#held.filter((entry) => entry.to <= pts));
    this.#held = this.#held.filter((entry) => entry.to > pts);
    if (this.#held[0] !== undefined && this.#held[0].from > pts) this.#dropHeld();
    const read = new Set(news.filter((event) => event.ptsCount === 0).map(nameOf));
    this.#loose = this.#loose.filter((event) => !read.has(nameOf(event)));
    news.push(...this.#drain());
    return this.#withLoose(news);
  }

  /** Steps back to what was really pushed, after a projection failed; the next repair makes it good. */
  rewind(pts: number): void {
    if (pts < this.#sent) this.#sent = pts;
    this.#dropHeld();
  }

  /** Whether a counter of `pts` means that this session misses something that no answer under way will bring. */
  lags(pts: number, nowMs: number, patienceMs: number): boolean {
    if (pts <= this.#sent) return false;
    if (this.#held.length > 0 && pts <= this.#heldEnd() && nowMs - this.#heldSinceMs < patienceMs) return false;
    this.#dropHeld();
    return true;
  }

  /** What has pts is read again; what has none might be missed by a read that was already under way. */
  #dropHeld(): void {
    this.#loosen(this.#held);
    this.#held = [];
  }

  #loosen(entries: readonly HeldEntry[]): void {
    for (const { events } of entries) this.#loose.push(...(events ?? []).filter((event) => event.ptsCount === 0));
    if (this.#loose.length > HELD_MAX) this.#loose.splice(0, this.#loose.length - HELD_MAX);
  }

  /** Adds the events without pts whose place is reached. */
  #withLoose(news: BoxEvent[]): BoxEvent[] {
    if (this.#loose.length === 0) return news;
    const due = this.#loose.filter((event) => event.pts <= this.#sent);
    this.#loose = this.#loose.filter((event) => event.pts > this.#sent);
    return due.length === 0 ? news : [...news, ...due];
  }

  #heldEnd(): number {
    return this.#held.at(-1)?.to ?? this.#sent;
  }

  /** One entry an event, because each send of a hint has an answer of its own. */
  #holdOwn(hint: BoxHint, nowMs: number): Offer {
    let from = hint.pts - hint.ptsCount;
    for (const event of hint.events) {
      if (event.ptsCount === 0) continue;
      if (event.pts > this.#heldEnd()) {
        const offer = this.#hold({ from, to: event.pts, events: undefined, done: false }, nowMs);
        if (offer === 'hole') return 'hole';
      }
      from = event.pts;
    }
    return 'nothing';
  }

  /** Keeps an entry that continues what is held; anything else is a hole. */
  #hold(entry: HeldEntry, nowMs: number): Offer {
    const end = this.#heldEnd();
    if (entry.to <= end && entry.to > entry.from) return 'nothing';
    const continues = entry.from === end && (this.#held.length > 0 || entry.events === undefined);
    if (!continues || this.#held.length >= HELD_MAX) return 'hole';
    if (this.#held.length === 0) this.#heldSinceMs = nowMs;
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
        news.push(...entry.events.filter((event) => event.pts > this.#sent || event.ptsCount === 0));
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

/** Tells events without pts apart, however they were learnt. */
function nameOf(event: BoxEvent): string {
  const update = event.kind === 'update' ? event.update : undefined;
  return JSON.stringify([event.pts, update], (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}
