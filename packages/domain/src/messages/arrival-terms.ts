import { isMarkedChat, unmarkPeer } from '@aerogram/cluster';
import { defineStatement } from '@aerogram/storage';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { ArrivingStrangers, moveToFolder } from '../acceptance/index.ts';
import { type DialogPlace, isInFolder, saveTtl } from '../dialogs/index.ts';
import type { Boxes, Origin } from '../events/index.ts';
import { otherBoxOf } from '../peers/index.ts';
import type { Place } from './places.ts';

interface TermsRow {
  owner_id: bigint;
  peer_id: bigint;
  ttl_period: number;
  /** `ttl_period` that the chat gets because its owner writes there for the first time; 0 for none. */
  first_ttl_period: number;
  leaves_archive: boolean;
  /** The chat does not leave the archive if a folder contains it. */
  keeps_folders: boolean;
  /** The owner has blocked the user who writes. */
  blocked: boolean;
}

// Chats without such settings are filtered out, and for them only the row in `dialogs` is read.
// `(SELECT $1::bigint[])` hides the length of the list from the planner. Otherwise it would plan anew for every single send, which takes a
// third of the transaction's time.
const findTerms = defineStatement<TermsRow>(
  'find_arrival_terms',
  `SELECT w.owner_id, w.peer_id, COALESCE(d.ttl_period, 0) AS ttl_period,
          CASE WHEN w.is_own AND w.peer_id > 0 AND d.owner_wrote IS NOT TRUE AND COALESCE(d.ttl_period, 0) = 0
               THEN COALESCE((SELECT c.default_ttl_period FROM chat_settings c WHERE c.owner_id = w.owner_id), 0)
               ELSE 0 END AS first_ttl_period,
          CASE WHEN NOT w.is_own AND d.folder_id = 1
               THEN COALESCE((SELECT n.mute_until FROM notify_settings n WHERE n.owner_id = w.owner_id AND n.scope = 'peer' AND n.peer_id = w.peer_id),
                             (SELECT n.mute_until FROM notify_settings n WHERE n.owner_id = w.owner_id AND n.peer_id = 0
                                AND n.scope = CASE WHEN w.peer_id > 0 THEN 'users' ELSE 'chats' END), 0) <= $4
                    AND NOT COALESCE((SELECT u.keep_archived_unmuted FROM user_settings u WHERE u.user_id = w.owner_id), false)
               ELSE false END AS leaves_archive,
          CASE WHEN NOT w.is_own AND d.folder_id = 1
               THEN COALESCE((SELECT u.keep_archived_folders FROM user_settings u WHERE u.user_id = w.owner_id), false)
               ELSE false END AS keeps_folders,
          b.owner_id IS NOT NULL AS blocked
     FROM unnest((SELECT $1::bigint[]), $2::bigint[], $3::boolean[]) AS w (owner_id, peer_id, is_own)
     LEFT JOIN dialogs d ON d.owner_id = w.owner_id AND d.peer_id = w.peer_id
     LEFT JOIN blocked_peers b ON NOT w.is_own AND w.peer_id > 0 AND b.owner_id = w.owner_id AND b.peer_id = w.peer_id AND NOT b.stories_only
    WHERE b.owner_id IS NOT NULL OR d.ttl_period > 0 OR (w.is_own AND d.owner_wrote IS NOT TRUE) OR (NOT w.is_own AND d.folder_id = 1)`,
);

/** Messages that are about to arrive. */
export interface ArrivingMessages {
  /** Where they arrive. */
  places: readonly Place[];
  /** Who writes them. */
  authorIds: readonly bigint[];
  nowDate: number;
}

/** Saved Messages and the chats of service accounts have no inbound settings. */
const hasTerms = ({ ownerId, peerId }: DialogPlace): boolean => isMarkedChat(peerId) || otherBoxOf(ownerId, peerId) !== undefined;

const keyOf = ({ ownerId, peerId }: DialogPlace): string => `${ownerId}:${peerId}`;

/**
 * The inbound settings of chats: the lifetime of new messages, whether a new message takes the chat out of the archive, the lifetime that a
 * first message sets, whether the owner has blocked the sender, and what strangers may still send to a group. They are read under the locks of the boxes; {@link ArrivalTerms.settle} writes the resulting changes.
 */
export class ArrivalTerms {
  readonly #rows: Map<string, TermsRow>;
  readonly #strangers: ArrivingStrangers;
  readonly #arrived = new Set<TermsRow>();
  readonly #begun = new Map<number, DialogPlace[]>();

  private constructor(rows: readonly TermsRow[], strangers: ArrivingStrangers) {
    this.#strangers = strangers;
    this.#rows = new Map(rows.map((row) => [keyOf({ ownerId: row.owner_id, peerId: row.peer_id }), row]));
  }

  /**
   * Reads the inbound settings of chats. May run in the same round trip as the statement that locks their boxes.
   * @param arrivals.nowDate unix seconds
   */
  static async find(tx: Tx, { places: all, authorIds, nowDate }: ArrivingMessages): Promise<ArrivalTerms> {
    const places = all.filter(hasTerms);
    const values = [places.map(({ ownerId }) => ownerId), places.map(({ peerId }) => peerId), places.map(({ isOwn }) => isOwn), nowDate];
    const finding = places.length === 0 ? undefined : tx.run(findTerms, values);
    const strangers = ArrivingStrangers.find(tx, places, authorIds);
    if (!(strangers instanceof Promise)) return new ArrivalTerms((await finding)?.rows ?? [], strangers);
    const [found, known] = await Promise.all([finding, strangers]);
    return new ArrivalTerms(found?.rows ?? [], known);
  }

  /**
   * Records that a message of `authorId` arrives in a chat.
   * @returns the message's lifetime in seconds; null if it does not expire
   */
  arrive(place: Place, authorId: bigint): number | null {
    if (!place.isOwn) this.#strangers.count(place, authorId);
    const row = this.#find(place);
    if (row === undefined) return null;
    row.first_ttl_period = 0;
    if (row.leaves_archive && !this.#strangers.isFilled(place)) this.#arrived.add(row);
    return row.ttl_period === 0 ? null : row.ttl_period;
  }

  /**
   * Whether the owner of the place has blocked the sender. A send checks this earlier, too, but the block may have been committed since; it
   * takes the lock of the same box.
   */
  isBlocked(place: DialogPlace): boolean {
    return this.#find(place)?.blocked === true;
  }

  /** Whether a message of `authorId` may mention the owner of the place. */
  mayMention(place: DialogPlace, authorId: bigint): boolean {
    return !this.#strangers.isSilenced(place, authorId);
  }

  /** The lifetime that a chat gets because its owner writes there for the first time, in seconds; 0 for none. */
  firstTtlOf(place: DialogPlace): number {
    return this.#find(place)?.first_ttl_period ?? 0;
  }

  /**
   * Sets the lifetime of new messages in the chats of both sides.
   * @param period seconds
   */
  begin(places: readonly DialogPlace[], period: number): void {
    for (const place of places) {
      const row = this.#find(place);
      if (row) row.ttl_period = period;
      else this.#rows.set(keyOf(place), { owner_id: place.ownerId, peer_id: place.peerId, ttl_period: period, first_ttl_period: 0, leaves_archive: false, keeps_folders: false, blocked: false });
    }
    this.#begun.set(period, [...(this.#begun.get(period) ?? []), ...places]);
  }

  /** Writes the changes that the arrivals caused in their chats and sends updates to the owners' devices. @returns undefined if they caused none */
  settle(tx: Tx, boxes: Boxes, date: number): Promise<void> | undefined {
    return this.#begun.size === 0 && this.#arrived.size === 0 ? this.#strangers.settle({ tx, boxes, date }) : this.#store(tx, boxes, date);
  }

  async #store(tx: Tx, boxes: Boxes, date: number): Promise<void> {
    for (const [period, places] of this.#begun) {
      await saveTtl(tx, places, period);
      for (const place of places) logTtl(boxes, place, { period, date });
    }
    for (const { owner_id: owner, peer_id: peerId, keeps_folders: keepsFolders } of this.#arrived) {
      if (keepsFolders && (await isInFolder(tx.q, owner, peerId))) continue;
      await moveToFolder({ tx, boxes, date }, owner, peerId, 0);
    }
    await this.#strangers.settle({ tx, boxes, date });
  }

  #find(place: DialogPlace): TermsRow | undefined {
    return this.#rows.size === 0 ? undefined : this.#rows.get(keyOf(place));
  }
}

/**
 * Sends the lifetime of new messages in a chat to the owner's devices.
 * @param period seconds; 0 for none
 */
export function logTtl(boxes: Boxes, { ownerId, peerId }: DialogPlace, { period, date }: { period: number; date: number }, origin?: Origin): void {
  boxes.addUpdate(ownerId, { ptsCount: 0, date, origin }, () => projectTtl(peerId, period));
}

/**
 * The update with the lifetime of new messages in a chat. Pure.
 * @param period seconds; 0 for none
 */
export function projectTtl(peerId: bigint, period: number): tl.updatePeerHistoryTTL {
  return { _: 'updatePeerHistoryTTL', peer: unmarkPeer(peerId), ttl_period: period === 0 ? undefined : period };
}
