import { isMarkedChat } from '@aerogram/cluster';
import type { Queries, Tx } from '@aerogram/storage';

import type { DialogPlace } from '../dialogs/index.ts';
import type { OpenBoxes } from '../events/index.ts';
import { type Acquainted, findAcquainted } from '../moderation/index.ts';
import { archivePlace } from './archive-place.ts';
import { chargeBudget, isOverdrawn } from './place-budget.ts';
import { findUnaccepted, saveFullDates, type UnacceptedPlace } from './place-store.ts';

const keyOf = (ownerId: bigint, peerId: bigint): string => `${ownerId}:${peerId}`;

const NOBODY: Acquainted = { has: () => false };

/** Lists those of some members of a channel whom a message of `authorId` must not call: the author is a stranger to them, and strangers have filled their places. */
export async function listSilenced(tx: Tx, peerId: bigint, ownerIds: readonly bigint[], authorId: bigint): Promise<ReadonlySet<bigint>> {
  if (ownerIds.length === 0) return new Set();
  const places = await findUnaccepted(tx, ownerIds.map((ownerId) => ({ ownerId, peerId })));
  const filled = places.filter((place) => place.archived).map((place) => place.owner_id);
  if (filled.length === 0) return new Set();
  const acquainted = await findAcquainted(tx, filled, [authorId]);
  return new Set(filled.filter((ownerId) => !acquainted.has(ownerId, authorId)));
}

/**
 * Lists those of some members of a group or channel who have not accepted their places, and to whom the viewer is a stranger. Adding somebody must not be a
 * way to learn when that person is online.
 */
export async function listUnmet(db: Pick<Queries, 'run'>, peerId: bigint, memberIds: readonly bigint[], viewerId: bigint): Promise<ReadonlySet<bigint>> {
  const places = await findUnaccepted(db, memberIds.map((ownerId) => ({ ownerId, peerId })));
  if (places.length === 0) return new Set();
  const ownerIds = places.map((place) => place.owner_id);
  const acquainted = await findAcquainted(db, ownerIds, [viewerId]);
  return new Set(ownerIds.filter((ownerId) => !acquainted.has(ownerId, viewerId)));
}

/**
 * Counts the messages that arrive in basic groups in places that their owners have not accepted, against the budgets of these places. They are read under the
 * locks of the boxes; {@link ArrivingStrangers.settle} writes the result. Nearly always there are none, and then nothing but the read takes place.
 */
export class ArrivingStrangers {
  readonly #places: ReadonlyMap<string, UnacceptedPlace>;
  readonly #acquainted: Acquainted;
  readonly #counts = new Map<UnacceptedPlace, number>();

  /** Shared by all sends without unaccepted places. It never changes, because it has no place to count in. */
  static readonly #NONE = new ArrivingStrangers([], NOBODY);

  private constructor(places: readonly UnacceptedPlace[], acquainted: Acquainted) {
    this.#places = new Map(places.map((place) => [keyOf(place.owner_id, place.peer_id), place]));
    this.#acquainted = acquainted;
  }

  /**
   * Reads the places that are not accepted among those in which messages arrive.
   * @param authorIds who writes
   * @returns at once if none of them is in a group
   */
  static find(tx: Tx, arrivals: readonly (DialogPlace & { isOwn: boolean })[], authorIds: readonly bigint[]): ArrivingStrangers | Promise<ArrivingStrangers> {
    const isInGroup = (place: DialogPlace & { isOwn: boolean }): boolean => !place.isOwn && isMarkedChat(place.peerId);
    return arrivals.some(isInGroup) ? ArrivingStrangers.#read(tx, arrivals.filter(isInGroup), authorIds) : ArrivingStrangers.#NONE;
  }

  static async #read(tx: Tx, inGroups: readonly DialogPlace[], authorIds: readonly bigint[]): Promise<ArrivingStrangers> {
    const places = await findUnaccepted(tx, inGroups);
    if (places.length === 0) return ArrivingStrangers.#NONE;
    return new ArrivingStrangers(places, await findAcquainted(tx, places.map((place) => place.owner_id), authorIds));
  }

  /** Counts a message of `authorId` that arrives in a place. */
  count(place: DialogPlace, authorId: bigint): void {
    const row = this.#find(place, authorId);
    if (row !== undefined && !row.archived) this.#counts.set(row, (this.#counts.get(row) ?? 0) + 1);
  }

  /** Whether strangers have filled the place. It then stays in the archive, whoever writes. */
  isFilled({ ownerId, peerId }: DialogPlace): boolean {
    return this.#places.size > 0 && this.#places.get(keyOf(ownerId, peerId))?.archived === true;
  }

  /** Whether a message of `authorId` must not call the owner of the place: the author is a stranger, and strangers have filled the place. */
  isSilenced(place: DialogPlace, authorId: bigint): boolean {
    return this.#find(place, authorId)?.archived === true;
  }

  /** Writes the budgets, and archives and mutes the places whose budgets a message has exceeded. @returns undefined if there is nothing to write */
  settle(open: OpenBoxes): Promise<void> | undefined {
    return this.#counts.size === 0 ? undefined : this.#store(open);
  }

  async #store(open: OpenBoxes): Promise<void> {
    const charged = [...this.#counts].map(([place, count]) => ({ ...place, full_date: chargeBudget(place.full_date, open.date, count) }));
    await saveFullDates(open.tx, charged);
    for (const place of charged) if (isOverdrawn(place.full_date, open.date)) await archivePlace(open, place);
  }

  #find({ ownerId, peerId }: DialogPlace, authorId: bigint): UnacceptedPlace | undefined {
    if (this.#places.size === 0) return undefined;
    const row = this.#places.get(keyOf(ownerId, peerId));
    return row === undefined || this.#acquainted.has(ownerId, authorId) ? undefined : row;
  }
}
