import { type Database, defineStatement, type Queries, type Tables, type Tx } from '@aerogram/storage';
import type { Selectable } from 'kysely';

import type { DialogPlace } from '../dialogs/index.ts';

/**
 * A place in a group or channel that a stranger has given to its owner, and that the owner has not accepted there. It counts as accepted nevertheless if the
 * stranger has become known since.
 */
export type UnacceptedPlace = Selectable<Tables['unaccepted_places']>;

/**
 * How long a place counts after its owner has left it or was removed, in seconds. Otherwise a stranger could add somebody to new groups without end, each of which
 * leaves a chat in the list of that person.
 */
const KEPT_S = 30 * 86_400;

/** How long a place that strangers have filled stays full after that, and how long posts go on counting for its budget, in seconds. */
const BUDGET_KEPT_S = 86_400;

/** What is counted of the places of one person. */
export interface PlaceCounts {
  owner_id: bigint;
  of_all: number;
  of_adder: number;
  /** Whether the person was added to the place in question before, and strangers have filled it. */
  is_spent: boolean;
}

const countPlaces = defineStatement<PlaceCounts>(
  'count_unaccepted_places',
  `SELECT owner_id, count(*) FILTER (WHERE peer_id <> $3)::integer AS of_all, count(*) FILTER (WHERE peer_id <> $3 AND adder_id = $2)::integer AS of_adder,
          COALESCE(bool_or(archived OR full_date > $5) FILTER (WHERE peer_id = $3 AND (ended_date IS NULL OR ended_date > $6)), false) AS is_spent
     FROM unaccepted_places
    WHERE owner_id = ANY ($1::bigint[]) AND (ended_date IS NULL OR ended_date > $4) AND NOT adder_known
    GROUP BY owner_id`,
);

// Who is added to the same place again within a day goes on with the budget of before, and each adding takes some of it.
const insertRows = defineStatement<{ full_date: number }>(
  'insert_unaccepted_places',
  `INSERT INTO unaccepted_places AS p (owner_id, peer_id, adder_id, added_date, full_date, from_ordinal, adder_hidden)
   SELECT owner_id, $2, $3, $4::integer, $4::integer, $5::integer, $8::boolean FROM unnest($1::bigint[]) AS o (owner_id)
   ON CONFLICT (owner_id, peer_id) DO UPDATE
      SET adder_id = excluded.adder_id, adder_hidden = excluded.adder_hidden, adder_known = false, added_date = excluded.added_date, ended_date = NULL, full_date = GREATEST(p.full_date, excluded.full_date) + $6::integer,
          from_ordinal = CASE WHEN p.ended_date > $7 THEN p.from_ordinal ELSE excluded.from_ordinal END, archived = false
   RETURNING full_date`,
);

const findPlaces = defineStatement<UnacceptedPlace>(
  'find_unaccepted_places',
  `SELECT p.* FROM unnest($1::bigint[], $2::bigint[]) AS w (owner_id, peer_id) JOIN unaccepted_places AS p USING (owner_id, peer_id) WHERE p.ended_date IS NULL AND NOT p.adder_known`,
);

const findRow = defineStatement<UnacceptedPlace>('find_given_place', 'SELECT * FROM unaccepted_places WHERE owner_id = $1 AND peer_id = $2');

const listOfOwners = defineStatement<UnacceptedPlace>('list_given_places', 'SELECT * FROM unaccepted_places WHERE owner_id = ANY ($1::bigint[]) AND ended_date IS NULL');

const listInPeer = defineStatement<UnacceptedPlace>(
  'list_unaccepted_places_in',
  `SELECT * FROM unaccepted_places WHERE peer_id = $1 AND owner_id > $2 AND ended_date IS NULL AND NOT archived AND NOT adder_known ORDER BY owner_id LIMIT $3`,
);

const removeRows = defineStatement<UnacceptedPlace>('remove_unaccepted_places', 'DELETE FROM unaccepted_places WHERE owner_id = ANY ($1::bigint[]) AND peer_id = $2 RETURNING *');

const listStrangers = defineStatement<UnacceptedPlace>(
  'list_places_of_strangers',
  'SELECT * FROM unaccepted_places WHERE owner_id = $1 AND adder_id = ANY ($2::bigint[]) AND NOT adder_hidden AND NOT adder_known',
);

const knowAdders = defineStatement('know_adders', 'UPDATE unaccepted_places SET adder_known = true, archived = false WHERE owner_id = $1 AND peer_id = ANY ($2::bigint[])');

const endRows = defineStatement('end_unaccepted_places', 'UPDATE unaccepted_places SET ended_date = $3 WHERE peer_id = $1 AND owner_id = ANY ($2::bigint[]) AND ended_date IS NULL');

const chargeRows = defineStatement(
  'charge_unaccepted_places',
  `UPDATE unaccepted_places AS p SET full_date = w.full_date
     FROM unnest($1::bigint[], $2::bigint[], $3::integer[]) AS w (owner_id, peer_id, full_date) WHERE p.owner_id = w.owner_id AND p.peer_id = w.peer_id`,
);

const delayRow = defineStatement(
  'delay_unaccepted_place',
  'UPDATE unaccepted_places SET full_date = GREATEST(full_date, $3::integer) + $4::integer WHERE owner_id = $1 AND peer_id = $2',
);

const archiveRow = defineStatement(
  'archive_unaccepted_place',
  'UPDATE unaccepted_places SET archived = true, folder_before = $3, mute_before = $4 WHERE owner_id = $1 AND peer_id = $2',
);

const moveRows = defineStatement<{ owner_id: bigint }>(
  'move_unaccepted_places',
  'UPDATE unaccepted_places SET peer_id = $3, from_ordinal = $4 WHERE owner_id = ANY ($1::bigint[]) AND peer_id = $2 AND ended_date IS NULL RETURNING owner_id',
);

/** Counts the places of people who are to be added to one more by a stranger. Those who have none are left out. @param spentDate a budget that is full again later than this has nothing left */
export async function countUnaccepted(tx: Tx, ownerIds: readonly bigint[], { adderId, peerId, date, spentDate }: { adderId: bigint; peerId: bigint; date: number; spentDate: number }): Promise<PlaceCounts[]> {
  return (await tx.run(countPlaces, [ownerIds, adderId, peerId, date - KEPT_S, spentDate, date - BUDGET_KEPT_S])).rows;
}

/** Places to store. */
export interface NewPlaces {
  ownerIds: readonly bigint[];
  peerId: bigint;
  adderId: bigint;
  /** See `adder_hidden`. */
  isHidden: boolean;
  date: number;
  /** See `from_ordinal`. */
  ordinal: number;
  /** By how many seconds a budget that goes on is full later. */
  spacingS: number;
}

/** Stores that a stranger has added people to a group or channel. @returns when the budget of each of them is full */
export async function insertUnaccepted(tx: Tx, { ownerIds, peerId, adderId, isHidden, date, ordinal, spacingS }: NewPlaces): Promise<number[]> {
  return (await tx.run(insertRows, [ownerIds, peerId, adderId, date, ordinal, spacingS, date - BUDGET_KEPT_S, isHidden])).rows.map((row) => row.full_date);
}

/** Finds those of these places that are not accepted. */
export async function findUnaccepted(db: Pick<Queries, 'run'>, places: readonly DialogPlace[]): Promise<UnacceptedPlace[]> {
  return (await db.run(findPlaces, [places.map((place) => place.ownerId), places.map((place) => place.peerId)])).rows;
}

/** Whether somebody was added to a group or channel by a stranger, and has not accepted that. */
export async function isUnaccepted(db: Pick<Queries, 'run'>, ownerId: bigint, peerId: bigint): Promise<boolean> {
  return (await findUnaccepted(db, [{ ownerId, peerId }])).length > 0;
}

/**
 * Finds the place that a stranger has given to somebody, and that its owner has not accepted there. Blocking the stranger leaves it, even if the stranger has
 * become known since.
 */
export async function findGiven(db: Pick<Queries, 'run'>, { ownerId, peerId }: DialogPlace): Promise<UnacceptedPlace | undefined> {
  const place = await findLastGiven(db, { ownerId, peerId });
  return place?.ended_date === null ? place : undefined;
}

/** Finds a place as {@link findGiven}, also if its owner has left it and it still counts. */
export async function findLastGiven(db: Pick<Queries, 'run'>, { ownerId, peerId }: DialogPlace): Promise<UnacceptedPlace | undefined> {
  return (await db.run(findRow, [ownerId, peerId])).rows[0];
}

/** Lists all places of these people as {@link findGiven}. */
export async function listGiven(db: Pick<Queries, 'run'>, ownerIds: readonly bigint[]): Promise<UnacceptedPlace[]> {
  return (await db.run(listOfOwners, [ownerIds])).rows;
}

/** Lists a page of the places in a channel that their owners have not accepted and that are not archived yet, by owner. @param afterId the last owner of the page before; 0n for the first page */
export async function listUnacceptedIn(db: Pick<Database, 'run'>, peerId: bigint, afterId: bigint, limit: number): Promise<UnacceptedPlace[]> {
  return (await db.run(listInPeer, [peerId, afterId, limit])).rows;
}

/** Removes places of one group or channel. @returns what was removed, places of former members included */
export async function removeUnaccepted(tx: Tx, ownerIds: readonly bigint[], peerId: bigint): Promise<UnacceptedPlace[]> {
  return (await tx.run(removeRows, [ownerIds, peerId])).rows;
}

/**
 * Notes that people who have given places to somebody are known now. Places whose adders are not shown stay as they are: otherwise it would show who has given
 * them. @returns the places as they were before, those that the owner has left included
 */
export async function acquaintAdders(tx: Tx, ownerId: bigint, adderIds: readonly bigint[]): Promise<UnacceptedPlace[]> {
  const { rows } = await tx.run(listStrangers, [ownerId, adderIds]);
  if (rows.length > 0) await tx.run(knowAdders, [ownerId, rows.map((row) => row.peer_id)]);
  return rows;
}

/** Notes, together with the COMMIT, that people are no longer in a group or channel. */
export function endUnaccepted(tx: Tx, peerId: bigint, ownerIds: readonly bigint[], date: number): void {
  if (ownerIds.length > 0) tx.runLast(endRows, [peerId, ownerIds, date]);
}

/** Writes when the budgets of these places are full. */
export async function saveFullDates(tx: Tx, places: readonly UnacceptedPlace[]): Promise<void> {
  await tx.run(chargeRows, [places.map((place) => place.owner_id), places.map((place) => place.peer_id), places.map((place) => place.full_date)]);
}

/** Makes the budget of a place full later by some seconds. Does nothing for a place that is accepted. */
export async function delayFullDate(tx: Tx, { ownerId, peerId }: DialogPlace, date: number, seconds: number): Promise<void> {
  await tx.run(delayRow, [ownerId, peerId, date, seconds]);
}

/** Notes that a place was archived and muted, and what it was before. */
export async function saveArchived(tx: Tx, { owner_id, peer_id }: UnacceptedPlace, before: { folderId: number; muteUntil: number | null }): Promise<void> {
  await tx.run(archiveRow, [owner_id, peer_id, before.folderId, before.muteUntil]);
}

/**
 * Moves places from a basic group to the supergroup that it has become.
 * @param ordinal number of the last message of the supergroup that is not counted
 * @returns whether there were any
 */
export async function moveUnaccepted(tx: Tx, ownerIds: readonly bigint[], { fromPeerId, toPeerId }: { fromPeerId: bigint; toPeerId: bigint }, ordinal: number): Promise<boolean> {
  return (await tx.run(moveRows, [ownerIds, fromPeerId, toPeerId, ordinal])).rows.length > 0;
}
