import type { StoredUpdate } from './inbox.ts';

/** Maximum size of the updates that are kept in memory to be handed out without a read, in characters. */
const RECENT_MAX = 32 * 1024;

/** What was confirmed and may still be stored. */
export interface Confirmed {
  /** All updates before this id. */
  before: number;
  ids: readonly number[];
}

/** The updates of a bot that wait, without their contents, except for the last ones. */
export class WaitingUpdates {
  /** In ascending order. */
  #ids: number[] = [];
  #expires: number[] = [];
  /** Updates before it are gone. */
  #before = 0;
  /** What the database knows of it. */
  #beforeSaved = 0;
  /** Single updates that are gone, and may still be stored. */
  #gone = new Set<number>();
  #recent: StoredUpdate[] = [];
  /** Nothing expires before. */
  #nextExpiry = Infinity;

  /** Replaces all by what is stored, except for what was confirmed. */
  reset(stored: readonly { id: number; expires: number }[]): void {
    const kept = stored.filter(({ id }) => id >= this.#before && !this.#gone.has(id));
    this.#ids = kept.map(({ id }) => id);
    this.#expires = kept.map(({ expires }) => expires);
    this.#nextExpiry = Math.min(Infinity, ...this.#expires);
    this.#recent = [];
  }

  get size(): number {
    return this.#ids.length;
  }

  /** Whether something was confirmed that may still be stored. */
  get hasUnsaved(): boolean {
    return this.#before > this.#beforeSaved || this.#gone.size > 0;
  }

  /** What was confirmed and may still be stored. Call {@link WaitingUpdates.saved} with it when it is not any more. */
  get confirmed(): Confirmed {
    return { before: this.#before, ids: [...this.#gone] };
  }

  saved({ before, ids }: Confirmed): void {
    this.#beforeSaved = before;
    for (const id of ids) this.#gone.delete(id);
  }

  /** Adds updates that are stored. */
  add(updates: readonly StoredUpdate[]): void {
    for (const { id, expires } of updates) {
      this.#ids.push(id);
      this.#expires.push(expires);
      this.#nextExpiry = Math.min(this.#nextExpiry, expires);
    }
    this.#recent.push(...updates);
    let [length, first] = [0, this.#recent.length];
    while (first > 0 && (length += this.#recent[first - 1]!.json.length) <= RECENT_MAX) first--;
    this.#recent.splice(0, first);
  }

  /** Forgets the contents of all updates. */
  forgetRecent(): void {
    if (this.#recent.length > 0) this.#recent = [];
  }

  has(id: number): boolean {
    return this.#ids[this.#placeOf(id)] === id;
  }

  /** The first ids from an id on, at most `limit`, of updates that have not expired. */
  idsFrom(fromId: number, limit: number, nowDate: number): number[] {
    const found: number[] = [];
    for (let at = this.#placeOf(fromId); at < this.#ids.length && found.length < limit; at++) {
      if (this.#expires[at]! > nowDate) found.push(this.#ids[at]!);
    }
    return found;
  }

  /** These updates, if all of them are in memory. */
  findRecent(ids: readonly number[]): StoredUpdate[] | undefined {
    if (this.#recent.length === 0 || ids[0]! < this.#recent[0]!.id) return undefined;
    const wanted = new Set(ids);
    return this.#recent.filter(({ id }) => wanted.has(id));
  }

  confirmBefore(id: number): void {
    if (id <= this.#before) return;
    this.#before = id;
    const place = this.#placeOf(id);
    this.#ids.splice(0, place);
    this.#expires.splice(0, place);
    this.#recent = this.#recent.filter((update) => update.id >= id);
  }

  confirm(ids: readonly number[]): void {
    for (const id of ids) {
      if (!this.has(id)) continue;
      const place = this.#placeOf(id);
      this.#ids.splice(place, 1);
      this.#expires.splice(place, 1);
      this.#gone.add(id);
    }
    this.#recent = this.#recent.filter((update) => !this.#gone.has(update.id));
  }

  /** The id before which everything is deleted if the last `count` updates are kept. @param nextId the id of the next update */
  idOfLast(count: number, nextId: number): number {
    return count === 0 ? nextId : (this.#ids[Math.max(0, this.#ids.length - count)] ?? nextId);
  }

  /** Forgets what has expired: it is deleted from the database by time. */
  dropExpired(nowDate: number): void {
    if (nowDate < this.#nextExpiry) return;
    this.#ids = this.#ids.filter((_, at) => this.#expires[at]! > nowDate);
    this.#expires = this.#expires.filter((expires) => expires > nowDate);
    this.#nextExpiry = Math.min(Infinity, ...this.#expires);
  }

  /** Where an id stands, or would stand. */
  #placeOf(id: number): number {
    let [low, high] = [0, this.#ids.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#ids[middle]! < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
