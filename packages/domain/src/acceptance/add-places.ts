import type { Tx } from '@aerogram/storage';

import type { OpenBoxes } from '../events/index.ts';
import type { Adder } from '../moderation/index.ts';
import { findRelations, pairKey } from '../relations/index.ts';
import { useQuota } from '../shared/index.ts';
import { projectPlaceUpdate, welcomePlaces } from './archive-place.ts';
import { countLeft, SPACING_S, spentDateAt } from './place-budget.ts';
import { countUnaccepted, delayFullDate, insertUnaccepted, removeUnaccepted } from './place-store.ts';

/** People whom somebody adds to a group or channel. */
export interface Adding {
  adderId: bigint;
  /** The people are not shown who has added them, because the adder is an anonymous admin. */
  isHidden?: boolean;
  /** Marked. */
  peerId: bigint;
  /** What the adder is to each of the people. */
  people: readonly { userId: bigint; adder: Adder }[];
  /** How many messages the channel has had; 0 in a basic group. */
  ordinal: number;
}

/** What has become of {@link Adding}. */
export interface Added {
  /** Who must not be added, because strangers have added them to too many places already, or because they have blocked the adder. */
  refusedIds: ReadonlySet<bigint>;
  /** How many messages may be posted before the budget of anybody who was added is used up; undefined if all places are accepted. */
  postsLeft: number | undefined;
}

/**
 * Decides who may be added to a group or channel, and stores that those to whom the adder is a stranger have not accepted their places. The boxes of all of
 * them must be open, because what is counted here must not change until the transaction ends.
 */
export async function addPlaces(open: OpenBoxes, { adderId, isHidden = false, peerId, people, ordinal }: Adding): Promise<Added> {
  const { tx, date } = open;
  const strangers = people.filter(({ adder }) => adder !== 'known').map(({ userId }) => userId);
  const refusedIds = await listBlocking(tx, adderId, people.map(({ userId }) => userId));
  const isNew = people.some(({ adder }) => adder === 'new');
  for (const userId of await listRefused(tx, { adderId, peerId, date, isNew }, strangers)) refusedIds.add(userId);
  const accepted = people.filter(({ userId, adder }) => adder === 'known' && !refusedIds.has(userId)).map(({ userId }) => userId);
  await acceptPlaces(open, peerId, accepted);
  const unaccepted = strangers.filter((userId) => !refusedIds.has(userId));
  if (unaccepted.length === 0) return { refusedIds, postsLeft: undefined };
  // Clients show the bar of a new chat before they have asked for it.
  for (const userId of unaccepted) open.boxes.addLoose(userId, date, undefined, [projectPlaceUpdate(peerId, { archived: false })]);
  const fullDates = await insertUnaccepted(tx, { ownerIds: unaccepted, peerId, adderId, isHidden, date, ordinal, spacingS: SPACING_S });
  return { refusedIds, postsLeft: countLeft(Math.max(...fullDates), date) };
}

/** Those who have blocked the adder. Who blocks locks their own box, so this holds until the transaction ends. */
async function listBlocking(tx: Tx, adderId: bigint, userIds: readonly bigint[]): Promise<Set<bigint>> {
  const others = userIds.filter((userId) => userId !== adderId);
  if (others.length === 0) return new Set();
  const relations = await findRelations(tx, others.map((userId) => pairKey(adderId, userId)));
  return new Set(others.filter((userId) => relations.get(pairKey(adderId, userId))?.blockedBy === true));
}

/** Those who hold as many places as this stranger, or all strangers together, may give them. */
async function listRefused(tx: Tx, { adderId, peerId, date, isNew }: { adderId: bigint; peerId: bigint; date: number; isNew: boolean }, userIds: readonly bigint[]): Promise<bigint[]> {
  if (userIds.length === 0) return [];
  const ofAdder = useQuota(isNew ? 'strangerPlacesWhenNew' : 'strangerPlaces').most;
  const ofAll = useQuota('unacceptedPlaces').most;
  const counts = await countUnaccepted(tx, userIds, { adderId, peerId, date, spentDate: spentDateAt(date) });
  return counts.filter((row) => row.of_adder >= ofAdder || row.of_all >= ofAll || row.is_spent).map((row) => row.owner_id);
}

/** Accepts the places of people who come to a group or channel by themselves, or by somebody they know. Their boxes must be open. */
export async function acceptPlaces(open: OpenBoxes, peerId: bigint, ownerIds: readonly bigint[]): Promise<void> {
  if (ownerIds.length > 0) await welcomePlaces(open, await removeUnaccepted(open.tx, ownerIds, peerId), undefined);
}

/** Counts messages that somebody gets by being added, such as copies of earlier ones, against the budget of the place. Does nothing for a place that is accepted. */
export async function chargePlace({ tx, date }: OpenBoxes, ownerId: bigint, peerId: bigint, count: number): Promise<void> {
  if (count > 0) await delayFullDate(tx, { ownerId, peerId }, date, count * SPACING_S);
}
