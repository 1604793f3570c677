import type { Clock } from '@aerogram/runtime';
import { type Database, defineStatement } from '@aerogram/storage';

import { ASKED_MAX } from './card.ts';

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

const countReaders = defineStatement<{ count: number }>(
  'count_card_readers',
  'SELECT count(*)::integer AS count FROM (SELECT FROM card_readers WHERE (viewer_id & 7) = $1::integer LIMIT $2::integer) AS r',
);

// The data centre of a person of whom somebody there is a reader is told of changes. So some readers stay, else it would go on showing what the person has hidden. Whoever has a card here has written
// to somebody or was written to; others have only looked, or do not exist. They go first from those people who have most.
const deleteReaders = defineStatement<{ viewer_id: bigint }>(
  'delete_spare_card_readers',
  `WITH placed AS (
     SELECT r.person_id, r.viewer_id, c.person_id IS NOT NULL AS has_card, row_number() OVER (PARTITION BY r.person_id ORDER BY c.person_id IS NULL, r.viewer_id) AS place
       FROM card_readers r LEFT JOIN cards c ON c.person_id = r.viewer_id WHERE (r.viewer_id & 7) = $1::integer)
   DELETE FROM card_readers r USING (SELECT person_id, viewer_id FROM placed WHERE NOT has_card AND place > $2::integer ORDER BY place DESC LIMIT $3::integer) AS spare
    WHERE r.person_id = spare.person_id AND r.viewer_id = spare.viewer_id RETURNING r.viewer_id`,
);

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
      // Other processes add some, too.
      room.count = (await db.run(countReaders, [dc, most])).rows[0]!.count;
      room.countedMs = clock.nowMs();
    }
    if (!this.#hasRoom(room) && this.#isDue(room.removedMs)) {
      room.removedMs = clock.nowMs();
      const { rows } = await db.transact('remove-card-readers', (tx) => tx.run(deleteReaders, [dc, kept, spare]));
      room.count -= rows.length;
    }
    return this.#hasRoom(room);
  }
}
