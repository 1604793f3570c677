import type { Clock } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

import { ASKED_MAX } from './card.ts';
import { countReadersOf, removeSpareReaders } from './reader-room-store.ts';

const HOUR_MS = 3_600_000;

/** How many readers of cards are kept for one data centre. */
export interface ReaderBounds {
  /** The most pairs of a person here and a reader there. */
  most: number;
  /** How many readers of each person stay when there are too many. */
  kept: number;
  /** How many pairs are removed at once when there are too many. */
  spare: number;
}

/** What is known of the readers in one data centre. */
interface Room {
  count: number;
  countedMs: number;
  /** When readers were removed last, or could not be. */
  removedMs: number;
}

/** Keeps the readers that a data centre may make up below a maximum. */
export class ReaderRoom {
  readonly #deps: { db: Database; clock: Clock };
  readonly #bounds: ReaderBounds;
  readonly #rooms = new Map<number, Room>();
  readonly #making = new Map<number, Promise<boolean>>();

  constructor(deps: { db: Database; clock: Clock }, bounds: ReaderBounds) {
    this.#deps = deps;
    this.#bounds = bounds;
  }

  /** Makes room for the readers of one question, in the place of others if need be. Reads the table, at most once an hour, and nothing otherwise. @returns false if there is none */
  makeFor(dc: number): Promise<boolean> {
    const room = this.#rooms.get(dc);
    if (room !== undefined && !this.#isDue(room.countedMs) && this.#hasRoom(room)) return Promise.resolve(true);
    const making = this.#making.get(dc) ?? this.#make(dc).finally(() => this.#making.delete(dc));
    this.#making.set(dc, making);
    return making;
  }

  /** Notes how many readers were added. */
  added(dc: number, count: number): void {
    const room = this.#rooms.get(dc);
    if (room !== undefined) room.count += count;
  }

  #isDue(lastMs: number): boolean {
    return this.#deps.clock.nowMs() >= lastMs + HOUR_MS;
  }

  #hasRoom({ count }: Room): boolean {
    return count + ASKED_MAX <= this.#bounds.most;
  }

  async #make(dc: number): Promise<boolean> {
    const { db, clock } = this.#deps;
    const { most, kept, spare } = this.#bounds;
    const room = this.#rooms.get(dc) ?? { count: 0, countedMs: Number.NEGATIVE_INFINITY, removedMs: Number.NEGATIVE_INFINITY };
    this.#rooms.set(dc, room);
    if (this.#isDue(room.countedMs)) {
      // Counted anew now and then, because other processes add readers, too.
      room.count = await countReadersOf(db, dc, most);
      room.countedMs = clock.nowMs();
    }
    if (!this.#hasRoom(room) && this.#isDue(room.removedMs)) {
      room.removedMs = clock.nowMs();
      room.count -= await db.transact('remove-card-readers', (tx) => removeSpareReaders(tx, dc, { kept, spare }));
    }
    return this.#hasRoom(room);
  }
}
