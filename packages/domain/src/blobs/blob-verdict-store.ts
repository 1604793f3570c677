import { rpcError } from '@aerogram/errors';
import { type Database, defineStatement, type Tx } from '@aerogram/storage';

import { noteOwnStray } from './stray-store.ts';

type Reads = Pick<Database, 'run'>;

const readBlocked = defineStatement('find_blocked_blob', 'SELECT FROM blocked_blobs WHERE identity = $1');

const readUsable = defineStatement(
  'find_usable_blob',
  'SELECT FROM blobs b WHERE b.identity = $1 AND b.deleted_date IS NULL AND NOT EXISTS (SELECT FROM blocked_blobs x WHERE x.identity = b.identity)',
);

const readDeleted = defineStatement('find_deleted_blob', 'SELECT FROM blobs WHERE identity = $1 AND deleted_date IS NOT NULL');

const readByHash = defineStatement<{ identity: Uint8Array }>('find_blob_by_hash', 'SELECT identity FROM blobs WHERE identity = $1 OR sha256 = $1 LIMIT 1');

// The name is free for the stray, whose bytes are deleted next. No file in the store has a name with a colon.
const deleteBytes = defineStatement<{ name: string }>(
  'delete_blob',
  `UPDATE blobs b SET deleted_date = $2, name = 'deleted:' || encode(b.identity, 'hex'), fault = NULL, tried_date = 0
     FROM (SELECT identity, name FROM blobs WHERE identity = $1 AND deleted_date IS NULL FOR UPDATE) o
    WHERE b.identity = o.identity RETURNING o.name`,
);

const insertBlock = defineStatement('block_blob', 'INSERT INTO blocked_blobs (identity, blocked_date, by_hook) VALUES ($1, $2, $3) ON CONFLICT (identity) DO NOTHING');

const readAccepted = defineStatement('find_accepted_blob', 'SELECT FROM accepted_blobs WHERE identity = $1');

const insertAccepted = defineStatement(
  'accept_blob',
  'INSERT INTO accepted_blobs (identity, accepted_date) VALUES ($1, $2) ON CONFLICT (identity) DO UPDATE SET accepted_date = excluded.accepted_date',
);

const sweepAccepted = defineStatement('sweep_accepted_blobs', 'DELETE FROM accepted_blobs WHERE ctid = ANY (ARRAY(SELECT ctid FROM accepted_blobs WHERE accepted_date < $1 LIMIT $2))');

const sweepRefused = defineStatement(
  'sweep_refused_blobs',
  `DELETE FROM blocked_blobs WHERE ctid = ANY (ARRAY(
     SELECT ctid FROM blocked_blobs x WHERE by_hook AND blocked_date < $1 AND NOT EXISTS (SELECT FROM blobs b WHERE b.identity = x.identity) LIMIT $2))`,
);

const removeBlock = defineStatement('unblock_blob', 'DELETE FROM blocked_blobs WHERE identity = $1');

const listBlocks = defineStatement<ModeratedBlob>(
  'list_blocked_blobs',
  'SELECT identity, blocked_date AS date, by_hook AS "byHook" FROM blocked_blobs ORDER BY blocked_date DESC, identity LIMIT $1',
);

const listDeletions = defineStatement<ModeratedBlob>(
  'list_deleted_blobs',
  'SELECT identity, deleted_date AS date, false AS "byHook" FROM blobs WHERE deleted_date IS NOT NULL ORDER BY deleted_date DESC, identity LIMIT $1',
);

/**
 * Checks that an operator has not blocked this content.
 * @throws RpcError MEDIA_INVALID
 */
export async function checkNotBlocked(db: Reads, identity: Uint8Array): Promise<void> {
  if ((await db.run(readBlocked, [identity])).count > 0) throw rpcError('MEDIA_INVALID');
}

/** Whether content may be sent once more: it is stored, and operators have neither deleted nor blocked it. */
export async function isUsable(db: Reads, identity: Uint8Array): Promise<boolean> {
  return (await db.run(readUsable, [identity])).count > 0;
}

/** Whether an operator has deleted this content, and something still refers to it. */
export async function isDeleted(db: Reads, identity: Uint8Array): Promise<boolean> {
  return (await db.run(readDeleted, [identity])).count > 0;
}

/** The identity of a stored blob. @param hash its identity, or the SHA-256 of its content if it has at most 10 MiB */
export async function findBlobByHash(db: Reads, hash: Uint8Array): Promise<Uint8Array | undefined> {
  return (await db.run(readByHash, [hash])).rows[0]?.identity;
}

/**
 * Notes that an operator deletes a blob. Its row stays, because documents refer to it.
 * @returns the name of the bytes, which are noted as a stray and can be deleted after the commit; undefined if the blob does not exist or was deleted before
 */
export async function markBlobDeleted(tx: Tx, identity: Uint8Array, nowDate: number): Promise<string | undefined> {
  const name = (await tx.run(deleteBytes, [identity, nowDate])).rows[0]?.name;
  if (name !== undefined) await noteOwnStray(tx, name, nowDate);
  return name;
}

/** Refuses content from now on. @param by.byHook whether the hook has refused it @returns false if it was blocked before */
export async function saveBlobBlock(tx: Tx, identity: Uint8Array, nowDate: number, by: { byHook: boolean } = { byHook: false }): Promise<boolean> {
  return (await tx.run(insertBlock, [identity, nowDate, by.byHook])).count > 0;
}

/** Permits content again, which the hook is then not asked about for a while. @returns false if it was not blocked */
export async function dropBlobBlock(tx: Tx, identity: Uint8Array, nowDate: number): Promise<boolean> {
  if ((await tx.run(removeBlock, [identity])).count === 0) return false;
  await saveAccepted(tx, identity, nowDate);
  return true;
}

/** Whether the hook has accepted content, or an operator has permitted it. */
export async function isAccepted(db: Reads, identity: Uint8Array): Promise<boolean> {
  return (await db.run(readAccepted, [identity])).count > 0;
}

/** Notes that the hook has accepted content. */
export async function saveAccepted(tx: Tx, identity: Uint8Array, nowDate: number): Promise<void> {
  await tx.run(insertAccepted, [identity, nowDate]);
}

/**
 * Forgets a slice of what the hook has said before a date. What it has refused stays if it is stored.
 * @returns whether there may be more
 */
export async function sweepVerdicts(tx: Tx, beforeDate: number, limit: number): Promise<boolean> {
  const accepted = (await tx.run(sweepAccepted, [beforeDate, limit])).count;
  const refused = (await tx.run(sweepRefused, [beforeDate, limit])).count;
  return accepted === limit || refused === limit;
}

/** Content with the date on which an operator has blocked or deleted it. */
export interface ModeratedBlob {
  identity: Uint8Array;
  /** Unix seconds. */
  date: number;
  /** Whether the hook has blocked it. */
  byHook: boolean;
}

/** Lists blocked content, latest first. */
export async function listBlockedBlobs(db: Reads, limit: number): Promise<ModeratedBlob[]> {
  return (await db.run(listBlocks, [limit])).rows;
}

/** Lists blobs that operators have deleted although documents refer to them, latest first. */
export async function listDeletedBlobs(db: Reads, limit: number): Promise<ModeratedBlob[]> {
  return (await db.run(listDeletions, [limit])).rows;
}
