import { defineStatement, type Queries, type Tables, type Tx } from '@aerogram/storage';
import type { Selectable } from 'kysely';

/** An invite link as stored. `owner_id` is the marked id of the group or channel. */
export type InviteRow = Selectable<Tables['invites']>;

type Reader = Pick<Queries, 'run'>;

const readDirectory = defineStatement<{ owner_id: bigint }>('find_invite_owner', 'SELECT owner_id FROM invite_hashes WHERE hash = $1');

const readInvite = defineStatement<InviteRow>('read_invite', 'SELECT * FROM invites WHERE owner_id = $1 AND hash = $2');

const readPermanent = defineStatement<InviteRow>('read_permanent_invite', 'SELECT * FROM invites WHERE owner_id = $1 AND admin_id = $2 AND permanent AND NOT revoked');

const readExported = defineStatement<InviteRow>('read_exported_invite', 'SELECT * FROM invites WHERE owner_id = $1 AND admin_id = $2 AND export_id = $3');

const insertInviteRow = defineStatement(
  'insert_invite',
  `WITH named AS (INSERT INTO invite_hashes (hash, owner_id) VALUES ($2, $1))
   INSERT INTO invites (owner_id, hash, admin_id, date, title, expire_date, usage_limit, permanent, request_needed, export_id)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
);

const updateInviteRow = defineStatement(
  'update_invite',
  'UPDATE invites SET title = $3, expire_date = $4, usage_limit = $5, request_needed = $6, revoked = $7, start_date = $8 WHERE owner_id = $1 AND hash = $2',
);

const setRequestNeeded = defineStatement<{ n: number }>(
  'set_request_needed',
  `WITH changed AS (
     UPDATE invites SET request_needed = $2, usage_limit = CASE WHEN $2 THEN NULL ELSE usage_limit END
      WHERE owner_id = $1 AND NOT permanent AND NOT revoked AND request_needed <> $2 RETURNING hash
   )
   SELECT count(*)::integer AS n FROM changed`,
);

const revokeRowsOf = defineStatement<InviteRow>(
  'revoke_invites_of',
  'UPDATE invites SET revoked = true WHERE owner_id = $1 AND admin_id = ANY ($2::bigint[]) AND NOT revoked RETURNING *',
);

const deleteInviteRows = defineStatement(
  'delete_invites',
  `WITH gone AS (DELETE FROM invites WHERE owner_id = $1 AND hash = ANY ($2::text[]) RETURNING hash)
   DELETE FROM invite_hashes h USING gone WHERE h.hash = gone.hash`,
);

const removeSlice = defineStatement<{ n: number }>(
  'purge_invites',
  `WITH gone AS (
     DELETE FROM invites WHERE ctid = ANY (ARRAY(SELECT ctid FROM invites WHERE owner_id = $1 LIMIT $2)) RETURNING hash
   ), unnamed AS (
     DELETE FROM invite_hashes h USING gone WHERE h.hash = gone.hash
   )
   SELECT count(*)::integer AS n FROM gone`,
);

const countRows = defineStatement<{ active: number; revoked: number; oldest_revoked: string | null }>(
  'count_invites',
  `SELECT count(*) FILTER (WHERE NOT revoked)::integer AS active, count(*) FILTER (WHERE revoked)::integer AS revoked,
          (array_agg(hash ORDER BY date, hash) FILTER (WHERE revoked))[1] AS oldest_revoked
     FROM invites WHERE owner_id = $1 AND admin_id = $2`,
);

const listPage = defineStatement<InviteRow>(
  'list_invites',
  `SELECT * FROM invites WHERE owner_id = $1 AND admin_id = $2 AND revoked = $3 AND (date, hash) < ($4::integer, $5::text)
    ORDER BY date DESC, hash DESC LIMIT $6`,
);

const listOfAll = defineStatement<InviteRow>('list_invites_of_all', 'SELECT * FROM invites WHERE owner_id = $1 ORDER BY date DESC, hash DESC LIMIT $2');

const listRevokedRows = defineStatement<InviteRow>('list_revoked_invites', 'SELECT * FROM invites WHERE owner_id = $1 AND admin_id = $2 AND revoked ORDER BY date, hash');

const listAdminRows = defineStatement<InviteCounts>(
  'list_inviting_admins',
  `SELECT admin_id, count(*) FILTER (WHERE NOT revoked)::integer AS active, count(*) FILTER (WHERE revoked)::integer AS revoked
     FROM invites WHERE owner_id = $1 GROUP BY admin_id ORDER BY admin_id LIMIT $2`,
);

/** How many links an admin has made in a group or channel. */
export interface InviteCounts {
  admin_id: bigint;
  active: number;
  revoked: number;
}

/** Where a page of links begins: after this one, newest first. */
export interface InviteOffset {
  date: number;
  hash: string;
}

/** The marked id of the group or channel that a link leads to; undefined for an unknown link. */
export async function findInviteOwner(reader: Reader, hash: string): Promise<bigint | undefined> {
  return (await reader.run(readDirectory, [hash])).rows[0]?.owner_id;
}

/** Reads a link of a group or channel. */
export async function findInvite(reader: Reader, ownerId: bigint, hash: string): Promise<InviteRow | undefined> {
  return (await reader.run(readInvite, [ownerId, hash])).rows[0];
}

/** Reads the permanent link of an admin, revoked ones left out. */
export async function findPermanentInvite(reader: Reader, ownerId: bigint, adminId: bigint): Promise<InviteRow | undefined> {
  return (await reader.run(readPermanent, [ownerId, adminId])).rows[0];
}

/** Reads the link that an earlier call with the same id has made. */
export async function findExportedInvite(reader: Reader, ownerId: bigint, adminId: bigint, exportId: bigint): Promise<InviteRow | undefined> {
  return (await reader.run(readExported, [ownerId, adminId, exportId])).rows[0];
}

/** Adds a link. The caller holds the lock of the owner's counter, as with everything else here that writes. */
export async function insertInvite(tx: Tx, row: InviteRow): Promise<void> {
  await tx.run(insertInviteRow, [row.owner_id, row.hash, row.admin_id, row.date, row.title, row.expire_date, row.usage_limit, row.permanent, row.request_needed, row.export_id]);
}

/** Writes what an edit may change. */
export async function updateInvite(tx: Tx, row: InviteRow): Promise<void> {
  await tx.run(updateInviteRow, [row.owner_id, row.hash, row.title, row.expire_date, row.usage_limit, row.request_needed, row.revoked, row.start_date]);
}

/**
 * Sets for all links that are not permanent whether admins let people in. Links of which admins let people in have no limit of uses (rule P36, link forms).
 * @returns the number of links that it changes
 */
export async function saveRequestNeeded(tx: Tx, ownerId: bigint, isNeeded: boolean): Promise<number> {
  return (await tx.run(setRequestNeeded, [ownerId, isNeeded])).rows[0]!.n;
}

/** Revokes all links that these users have made, without replacing permanent links. @returns the links that were not revoked before, newest first */
export async function revokeInvitesOf(tx: Tx, ownerId: bigint, adminIds: readonly bigint[]): Promise<InviteRow[]> {
  if (adminIds.length === 0) return [];
  return (await tx.run(revokeRowsOf, [ownerId, adminIds])).rows.toSorted((a, b) => b.date - a.date || (a.hash < b.hash ? 1 : -1));
}

/** Deletes links. Members who came by them stay. */
export async function deleteInvites(tx: Tx, ownerId: bigint, hashes: readonly string[]): Promise<void> {
  if (hashes.length > 0) await tx.run(deleteInviteRows, [ownerId, hashes]);
}

/** Deletes a slice of the links of a deleted group or channel. @returns how many there were */
export async function removeInvites(tx: Tx, ownerId: bigint, limit: number): Promise<number> {
  return (await tx.run(removeSlice, [ownerId, limit])).rows[0]!.n;
}

/** Counts the links of an admin. @returns also the hash of the revoked one that was made first */
export async function countInvites(reader: Reader, ownerId: bigint, adminId: bigint): Promise<{ active: number; revoked: number; oldest_revoked: string | null }> {
  return (await reader.run(countRows, [ownerId, adminId])).rows[0]!;
}

/** Lists links of an admin, newest first. */
export async function listInvites(reader: Reader, ownerId: bigint, page: { adminId: bigint; revoked: boolean; after: InviteOffset; limit: number }): Promise<InviteRow[]> {
  const { adminId, revoked, after, limit } = page;
  return (await reader.run(listPage, [ownerId, adminId, revoked, after.date, after.hash, limit])).rows;
}

/** Lists the links of a group or channel, whoever made them, newest first. */
export async function listInvitesOfAll(reader: Reader, ownerId: bigint, limit: number): Promise<InviteRow[]> {
  return (await reader.run(listOfAll, [ownerId, limit])).rows;
}

/** Lists an admin's revoked links, oldest first. */
export async function listRevokedInvites(reader: Reader, ownerId: bigint, adminId: bigint): Promise<InviteRow[]> {
  return (await reader.run(listRevokedRows, [ownerId, adminId])).rows;
}

/** Lists the users who have made links, admins or not. */
export async function listInvitingAdmins(reader: Reader, ownerId: bigint, limit: number): Promise<InviteCounts[]> {
  return (await reader.run(listAdminRows, [ownerId, limit])).rows;
}
