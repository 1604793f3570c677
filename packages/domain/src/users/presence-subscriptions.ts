import type { Clock } from '@aerogram/runtime';

import { Viewers } from './viewers.ts';

/** Maximum number of viewers who are told of one user's change (rule S15, channel interest). */
const MAX_VIEWERS = 500;

const MAX_ENTRIES = 1_000_000;
/**
 * Number of entries dropped at once when there are too many. After many deletions, finding the oldest key of a Map costs as much as a full
 * scan, so entries are not dropped one by one.
 */
const DROPPED_ENTRIES = MAX_ENTRIES / 16;
/** Viewers who have not been shown the user for this many minutes are not told of changes. */
const KEPT_MINUTES = 15;
/** From this length on, a list is checked as a whole: noting so many users one by one costs as much as projecting them. */
const LONG_LIST = 100;
/** Maximum number of long lists remembered as noted. */
const MAX_LISTS = 1_000;

/**
 * Presence subscriptions: which viewers were recently shown which user. They are told of changes of the user's status and name. Kept in
 * memory only and lost when the process ends, by design.
 */
export class PresenceSubscriptions {
  readonly #clock: Clock;
  /** Viewers by the user who was shown, least recently shown user first. */
  readonly #shown = new Map<bigint, Viewers>();
  /** The last long list of each viewer, as a hash, and the minute when it was noted. */
  readonly #lists = new Map<bigint, { print: number; minute: number }>();
  #entries = 0;
  #sweptMinute = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Number of remembered (viewer, user) pairs: those of the last 15 minutes and a few older ones. */
  get size(): number {
    return this.#entries;
  }

  /** Records that `viewerId` was shown `targetId`. */
  note(viewerId: bigint, targetId: bigint): void {
    if (viewerId === targetId) return;
    const minute = this.#minute;
    if (minute !== this.#sweptMinute) this.#sweep(minute);
    const viewers = this.#shown.get(targetId) ?? new Viewers();
    const before = viewers.count;
    // Clients read lists of thousands of users repeatedly, so a pair already noted in this minute ends here.
    if (!viewers.note(viewerId, minute)) return;
    viewers.forget(minute - KEPT_MINUTES, MAX_VIEWERS);
    this.#entries += viewers.count - before;
    this.#shown.delete(targetId);
    this.#shown.set(targetId, viewers);
    if (this.#entries > MAX_ENTRIES) this.#forget(0, MAX_ENTRIES - DROPPED_ENTRIES);
  }

  /** Records that `viewerId` was shown all of `targetIds`. A long list that was noted in the same minute is skipped. */
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

  /** Lists the viewers who were recently shown `targetId`. */
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

  /** Forgets users who were shown to nobody since `sinceMinute`, and then the oldest ones until at most `most` entries are left. */
  #forget(sinceMinute: number, most: number): void {
    for (const [targetId, viewers] of this.#shown) {
      if (viewers.lastMinute >= sinceMinute && this.#entries <= most) return;
      this.#shown.delete(targetId);
      this.#entries -= viewers.count;
    }
  }
}

/** Hash of a list of ids; the order counts. A collision only means that a viewer is told of no changes for up to a minute. */
function printOf(ids: readonly bigint[]): number {
  let print = ids.length;
  for (const id of ids) print = (Math.imul(print, 31) + Number(id)) | 0;
  return print;
}
