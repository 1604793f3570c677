import { defineStatement, type Queries, type Tables, type Tx } from '@aerogram/storage';
import type { Selectable } from 'kysely';

/** Somebody who asks to be let in. `owner_id` is the marked id of the group or channel; an empty `hash`: without a link. */
export type JoinRequestRow = Selectable<Tables['join_requests']>;

/** A member who came by a link, or was let in on request. */
export type ImporterRow = Selectable<Tables['invite_importers']>;

type Reader = Pick<Queries, 'run'>;

/** How many of those who asked last are shown beside the number of requests. */
const RECENT = 3;

const readRequest = defineStatement<JoinRequestRow>('read_join_request', 'SELECT * FROM join_requests WHERE owner_id = $1 AND user_id = $2');

const readRequests = defineStatement<JoinRequestRow>(
  'read_join_requests',
  'SELECT * FROM join_requests WHERE owner_id = $1 AND user_id = ANY ($2::bigint[]) ORDER BY date, user_id',
);

const readPending = defineStatement<PendingRequests>(
  'read_pending_requests',
  `SELECT COALESCE((SELECT pending FROM join_request_counts WHERE owner_id = $1), 0) AS pending,
          ARRAY(SELECT user_id FROM join_requests WHERE owner_id = $1 ORDER BY date DESC, user_id DESC LIMIT ${RECENT}) AS recent`,
);

const readRecentOfUser = defineStatement<{ owner_id: bigint }>('list_recent_requests_of_user', 'SELECT owner_id FROM join_requests WHERE user_id = $1 AND date > $2');

const countOfUser = defineStatement<{ n: number }>('count_requests_of_user', 'SELECT count(*)::integer AS n FROM (SELECT FROM join_requests WHERE user_id = $1 LIMIT $2) AS r');

const addRequest = defineStatement(
  'add_join_request',
  `WITH added AS (
     INSERT INTO join_requests (owner_id, user_id, hash, date) VALUES ($1, $2, $3, $4)
   ), counted AS (
     INSERT INTO join_request_counts AS c (owner_id, pending) VALUES ($1, 1) ON CONFLICT (owner_id) DO UPDATE SET pending = c.pending + 1
   )
   UPDATE invites SET requested = requested + 1 WHERE owner_id = $1 AND hash = $3`,
);

const moveRequest = defineStatement(
  'move_join_request',
  `WITH moved AS (UPDATE join_requests SET hash = $3, date = $4 WHERE owner_id = $1 AND user_id = $2)
   UPDATE invites SET requested = requested + CASE WHEN hash = $3 THEN 1 ELSE -1 END WHERE owner_id = $1 AND hash IN ($3, $5)`,
);

const addImporter = defineStatement(
  'add_invite_importer',
  `WITH added AS (
     INSERT INTO invite_importers AS i (owner_id, user_id, hash, date, approved_by) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (owner_id, user_id) DO UPDATE SET hash = excluded.hash, date = excluded.date, approved_by = excluded.approved_by
   )
   UPDATE invites SET usage = usage + 1 WHERE owner_id = $1 AND hash = $3`,
);

const settle = defineStatement<{ answered: number }>(
  'settle_entrances',
  `WITH gone AS (
     DELETE FROM invite_importers WHERE owner_id = $1 AND user_id = ANY ($2::bigint[]) RETURNING hash
   ), answered AS (
     DELETE FROM join_requests WHERE owner_id = $1 AND user_id = ANY ($3::bigint[]) RETURNING hash
   ), counted AS (
     UPDATE join_request_counts SET pending = pending - (SELECT count(*) FROM answered) WHERE owner_id = $1 AND EXISTS (SELECT FROM answered)
   ), changed AS (
     UPDATE invites i SET usage = i.usage - n.gone, requested = i.requested - n.answered
       FROM (SELECT hash, sum(g)::integer AS gone, sum(a)::integer AS answered
               FROM (SELECT hash, 1 AS g, 0 AS a FROM gone UNION ALL SELECT hash, 0, 1 FROM answered) AS r GROUP BY hash) AS n
      WHERE i.owner_id = $1 AND i.hash = n.hash
   )
   SELECT count(*)::integer AS answered FROM answered`,
);

const carry = defineStatement(
  'carry_entrances',
  `WITH carried AS (
     UPDATE join_requests SET owner_id = $2 WHERE owner_id = $1
   ), counted AS (
     UPDATE join_request_counts SET owner_id = $2 WHERE owner_id = $1
   ), entered AS (
     UPDATE invite_importers SET owner_id = $2 WHERE owner_id = $1
   ), moved AS (
     UPDATE invites SET owner_id = $2 WHERE owner_id = $1 RETURNING hash
   )
   UPDATE invite_hashes h SET owner_id = $2 FROM moved WHERE h.hash = moved.hash`,
);

const removeSlices = ['join_requests', 'join_request_counts', 'invite_importers'].map((table) =>
  defineStatement(`purge_entrances_${table}`, `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE owner_id = $1 LIMIT $2))`),
);

const requestPages = {
  all: defineStatement<JoinRequestRow>(
    'list_join_requests',
    'SELECT * FROM join_requests WHERE owner_id = $1 AND (date, user_id) < ($2::integer, $3::bigint) ORDER BY date DESC, user_id DESC LIMIT $4',
  ),
  ofLink: defineStatement<JoinRequestRow>(
    'list_join_requests_of_link',
    'SELECT * FROM join_requests WHERE owner_id = $1 AND hash = $5 AND (date, user_id) < ($2::integer, $3::bigint) ORDER BY date DESC, user_id DESC LIMIT $4',
  ),
};

const firstRequests = {
  all: defineStatement<JoinRequestRow>(
    'list_first_join_requests',
    'SELECT * FROM join_requests WHERE owner_id = $1 AND date <= $2 ORDER BY date, user_id LIMIT $3',
  ),
  ofLink: defineStatement<JoinRequestRow>(
    'list_first_join_requests_of_link',
    'SELECT * FROM join_requests WHERE owner_id = $1 AND hash = $4 AND date <= $2 ORDER BY date, user_id LIMIT $3',
  ),
};

const listOfLink = defineStatement<ImporterRow>(
  'list_invite_importers',
  'SELECT * FROM invite_importers WHERE owner_id = $1 AND hash = $5 AND (date, user_id) < ($2::integer, $3::bigint) ORDER BY date DESC, user_id DESC LIMIT $4',
);

/** How many ask to be let in, and the ids of those who asked last. */
export interface PendingRequests {
  pending: number;
  recent: bigint[];
}

/** A page of people, newest first: those after this one. */
export interface PeoplePage {
  after: { date: number; userId: bigint };
  limit: number;
}

/** Reads the request of a person. */
export async function findJoinRequest(reader: Reader, ownerId: bigint, userId: bigint): Promise<JoinRequestRow | undefined> {
  return (await reader.run(readRequest, [ownerId, userId])).rows[0];
}

/** Reads the requests of these people, oldest first. */
export async function findJoinRequests(reader: Reader, ownerId: bigint, userIds: readonly bigint[]): Promise<JoinRequestRow[]> {
  return (await reader.run(readRequests, [ownerId, userIds])).rows;
}

/** Reads how many ask to be let in. */
export async function findPendingRequests(reader: Reader, ownerId: bigint): Promise<PendingRequests> {
  return (await reader.run(readPending, [ownerId])).rows[0]!;
}

/** Lists the marked ids of the groups and channels that a person has asked to be let in to after this date, in unix seconds. */
export async function listRecentRequestsOf(reader: Reader, userId: bigint, sinceDate: number): Promise<bigint[]> {
  return (await reader.run(readRecentOfUser, [userId, sinceDate])).rows.map((row) => row.owner_id);
}

/** Counts the groups and channels that a person asks to be let in to. @param max counts no further */
export async function countRequestsOf(reader: Reader, userId: bigint, max: number): Promise<number> {
  return (await reader.run(countOfUser, [userId, max])).rows[0]!.n;
}

/**
 * Stores a request. The caller holds the lock of the owner's counter, as with everything else here that writes.
 * @param before the request of the same person by another link, whose place it takes
 */
export async function saveJoinRequest(tx: Tx, { owner_id, user_id, hash, date }: JoinRequestRow, before: JoinRequestRow | undefined): Promise<void> {
  if (before === undefined) await tx.run(addRequest, [owner_id, user_id, hash, date]);
  else await tx.run(moveRequest, [owner_id, user_id, hash, date, before.hash]);
}

/** Records that a new member came by a link, which has one place less now. */
export async function saveImporter(tx: Tx, { owner_id, user_id, hash, date, approved_by }: ImporterRow): Promise<void> {
  await tx.run(addImporter, [owner_id, user_id, hash, date, approved_by]);
}

/** Users whose relation to a group or channel has changed. */
export interface Entrances {
  /** Users who are no longer members. Each frees a place of the link by which they came. */
  goneIds: readonly bigint[];
  /** Users whose join requests end, because they were approved, declined or banned. */
  answeredIds: readonly bigint[];
}

/** Removes users who left from the lists of those who came by a link, and ends join requests. @returns how many requests ended */
export async function settleEntrances(tx: Tx, ownerId: bigint, { goneIds, answeredIds }: Entrances): Promise<number> {
  return (await tx.run(settle, [ownerId, goneIds, answeredIds])).rows[0]!.answered;
}

/** Gives the links of a basic group to the supergroup that the group becomes, with the requests and with those who came by the links. The caller holds the locks of both. */
export async function carryEntrances(tx: Tx, fromId: bigint, toId: bigint): Promise<void> {
  await tx.run(carry, [fromId, toId]);
}

/** Deletes a slice of the requests to a deleted group, and of the list of those who came by its links. @returns whether there may be more */
export async function removeEntrances(tx: Tx, ownerId: bigint, limit: number): Promise<boolean> {
  let isFull = false;
  for (const statement of removeSlices) isFull = (await tx.run(statement, [ownerId, limit])).count === limit || isFull;
  return isFull;
}

/** Lists those who ask to be let in. @param hash only by this link; '' for those without a link; undefined for all */
export async function listJoinRequests(reader: Reader, ownerId: bigint, hash: string | undefined, { after, limit }: PeoplePage): Promise<JoinRequestRow[]> {
  const values = [ownerId, after.date, after.userId, limit];
  return (await (hash === undefined ? reader.run(requestPages.all, values) : reader.run(requestPages.ofLink, [...values, hash]))).rows;
}

/** Lists requests, the oldest first. @param hash only those by this link @param until.untilDate only those that were made by then, in unix seconds */
export async function listFirstRequests(reader: Reader, ownerId: bigint, hash: string | undefined, { untilDate, limit }: { untilDate: number; limit: number }): Promise<JoinRequestRow[]> {
  const { rows } = await (hash === undefined ? reader.run(firstRequests.all, [ownerId, untilDate, limit]) : reader.run(firstRequests.ofLink, [ownerId, untilDate, limit, hash]));
  return [...rows];
}

/** Lists the members who came by a link. */
export async function listImporters(reader: Reader, ownerId: bigint, hash: string, { after, limit }: PeoplePage): Promise<ImporterRow[]> {
  return (await reader.run(listOfLink, [ownerId, after.date, after.userId, limit, hash])).rows;
}
