import type { BoxEvent, BoxHint } from '@aerogram/domain';

/** Maximum number of events that are kept; further ones are read from the database. */
const EVENTS_MAX = 100;

/** What hints have told and was not read yet, so that an event that follows the last one directly needs no read. */
export class EventTail {
  #events: BoxEvent[] = [];
  #from = 0;
  #to = 0;
  /** Whether the hints do not tell everything. */
  #isBroken = false;

  /** Takes a hint. Updates without pts are left to the database, which tells how many there were. */
  offer({ pts, ptsCount, looseCount, events }: Pick<BoxHint, 'pts' | 'ptsCount' | 'looseCount' | 'events'>): void {
    const from = pts - ptsCount;
    if (this.#to === 0) this.#from = this.#to = from;
    if (looseCount > 0 || from > this.#to || this.#events.length + events.length > EVENTS_MAX) this.#isBroken = true;
    if (from === this.#to && !this.#isBroken) this.#events.push(...events);
    this.#to = Math.max(this.#to, pts);
  }

  /** Leaves everything so far to the database. */
  break(): void {
    this.#isBroken = true;
    this.#events = [];
  }

  /**
   * Takes what comes after a position, and forgets everything.
   * @returns the events and where they end, 'nothing' if there are none, or 'read' if the database has to be asked
   */
  take(pts: number): { events: BoxEvent[]; pts: number } | 'nothing' | 'read' {
    const [events, from, to, isBroken] = [this.#events, this.#from, this.#to, this.#isBroken];
    [this.#events, this.#from, this.#to, this.#isBroken] = [[], 0, 0, false];
    if (isBroken) return 'read';
    if (to <= pts) return 'nothing';
    return from === pts ? { events, pts: to } : 'read';
  }
}
