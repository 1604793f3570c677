import type { Clock } from '@aerogram/runtime';

import { Viewers } from './viewers.ts';

/** At most this many sessions' owners learn of one change (rule S15). */
const MAX_VIEWERS = 500;
const MAX_ENTRIES = 1_000_000;
/** So many go together when there are too many: to find the oldest one in a map from which many went costs as much as to find all. */
const DROPPED_ENTRIES = MAX_ENTRIES / 16;
/** Who has not been shown the user for this long is not told of changes. */
const KEPT_MINUTES = 15;
/** To note so many one by one costs as much as to describe them. */
const LONG_LIST = 100;
/** Long lists that are known to be noted; they are few. */
const MAX_LISTS = 1_000;

/** Who was lately shown which user: they are told of changes of status and name. Lost with the node, by design. */
export class Interest {
  readonly #clock: Clock;
  /** By who was shown; whoever was shown to nobody for longest is first. */
  readonly #shown = new Map<bigint, Viewers>();
  /** The last long list of each viewer, as a number that another one hardly has, and when it was noted. */
  readonly #lists = new Map<bigint, { print: number; minute: number }>();
  #entries = 0;
  #sweptMinute = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Pairs that are remembered: those of the last quarter of an hour, and few older ones. */
  get size(): number {
    return this.#entries;
  }

  /** Notes that `viewerId` was shown `targetId`. */
  note(viewerId: bigint, targetId: bigint): void {
    if (viewerId === targetId) return;
    const minute = this.#minute;
    if (minute !== this.#sweptMinute) this.#sweep(minute);
    const viewers = this.#shown.get(targetId) ?? new Viewers();
    const before = viewers.count;
    // Lists of thousands of people are read again and again.
    if (!viewers.note(viewerId, minute)) return;
    viewers.forget(minute - KEPT_MINUTES, MAX_VIEWERS);
    this.#entries += viewers.count - before;
    this.#shown.delete(targetId);
    this.#shown.set(targetId, viewers);
    if (this.#entries > MAX_ENTRIES) this.#forget(0, MAX_ENTRIES - DROPPED_ENTRIES);
  }

  /** The same of many; a long list that was noted in this minute is not gone through again. */
  noteAll(viewerId: bigint, targetIds: readonly bigint[]): void {
    if (targetIds.length >= LONG_LIST) {
      const print = printOf(targetIds);
      const minute = this.#minute;
      const known = this.#lists.get(viewerId);
      if (known?.print === print && known.minute === minute) return;
      if (this.#lists.size >= MAX_LISTS) this.#lists.clear();
      this.#lists.set(viewerId, { print, minute });
    }
    for (const targetId of targetIds) this.note(viewerId, targetId);
  }

  /** Those who were shown `targetId` lately. */
  listViewers(targetId: bigint): bigint[] {
    return this.#shown.get(targetId)?.listSince(this.#minute - KEPT_MINUTES) ?? [];
  }

  get #minute(): number {
    return Math.floor(this.#clock.now() / 60);
  }

  #sweep(minute: number): void {
    this.#sweptMinute = minute;
    this.#forget(minute - KEPT_MINUTES, MAX_ENTRIES);
  }

  /** Forgets whom nobody was shown since a minute, and the oldest ones until `most` entries are left. */
  #forget(sinceMinute: number, most: number): void {
    for (const [targetId, viewers] of this.#shown) {
      if (viewers.lastMinute >= sinceMinute && this.#entries <= most) return;
      this.#shown.delete(targetId);
      this.#entries -= viewers.count;
    }
  }
}

/** The order counts; whoever finds a list with the print of another one hears of no changes for a minute. */
function printOf(ids: readonly bigint[]): number {
  let print = ids.length;
  for (const id of ids) print = (Math.imul(print, 31) + Number(id)) | 0;
  return print;
}
