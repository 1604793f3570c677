import { MAX_TOKEN_S } from '@aerogram/cdn-protocol';
import { type Database, defineStatement } from '@aerogram/storage';

import { ChannelFlag } from '../chats/index.ts';
import { MessageFlag } from '../events/index.ts';

/** A document or photo in a post of a channel. */
export interface PostedFile {
  /** Not marked. */
  channelId: bigint;
  msgId: number;
  documentId: bigint;
}

/** A file at a node. */
export interface FileAtNode {
  /** DC id of the node. */
  dc: number;
  fileId: Uint8Array;
}

/** `state` of a row in `cdn_files`: the node may serve the file. */
const SERVED = 0;
/** `state` of a row in `cdn_files`: the node must forget the file. */
const TO_FORGET = 1;
/** `state` of a row in `cdn_files`: the node has forgotten the file. */
const FORGOTTEN = 2;

const CLOSED_CHANNEL = ChannelFlag.noforwards | ChannelFlag.deleted;
/** The photo in a service message is that of the channel. */
const CLOSED_POST = MessageFlag.noforwards | MessageFlag.service;

/**
 * The tables and conditions of what may be given to everybody: a file in a post of a public broadcast channel, neither of which protects its content, and which
 * operators have neither deleted nor blocked. `w` names the file.
 */
const PUBLIC_FILE = `channels c
     JOIN channel_heads h ON h.channel_id = c.channel_id
     JOIN channel_messages m ON m.channel_id = c.channel_id AND m.msg_id = w.msg_id
     JOIN message_files f ON f.owner_id = -1000000000000 - w.channel_id AND f.scheduled_peer_id = 0 AND f.msg_id = w.msg_id AND f.document_id = w.document_id
     JOIN documents d ON d.document_id = f.document_id
     JOIN blobs b ON b.identity = d.identity
    WHERE c.channel_id = w.channel_id AND c.kind = 'broadcast' AND c.username IS NOT NULL AND c.flags & ${CLOSED_CHANNEL} = 0 AND m.flags & ${CLOSED_POST} = 0
      AND b.deleted_date IS NULL AND NOT EXISTS (SELECT FROM blocked_blobs x WHERE x.identity = b.identity)`;

const readPublic = defineStatement<{ members: number }>(
  'find_public_file',
  `SELECT h.members FROM (SELECT $1::bigint AS channel_id, $2::integer AS msg_id, $3::bigint AS document_id) w CROSS JOIN LATERAL (SELECT h.members FROM ${PUBLIC_FILE}) h`,
);

const readUntil = defineStatement<{ until_date: number }>(
  'find_cdn_file',
  `SELECT until_date FROM cdn_files WHERE dc_id = $1 AND file_id = $2 AND channel_id = $3 AND msg_id = $4 AND document_id = $5
      AND NOT EXISTS (SELECT FROM cdn_files g WHERE g.dc_id = $1 AND g.file_id = $2 AND g.state <> ${SERVED} AND g.until_date > $6)`,
);

// While a node remembers that it must not serve the file, a new token for it would be worth nothing.
const insertRow = defineStatement(
  'add_cdn_file',
  `INSERT INTO cdn_files (dc_id, file_id, channel_id, msg_id, document_id, until_date)
   SELECT $1::integer, $2::bytea, $3::bigint, $4::integer, $5::bigint, $6::integer
    WHERE NOT EXISTS (SELECT FROM cdn_files g WHERE g.dc_id = $1 AND g.file_id = $2 AND g.state <> ${SERVED} AND g.until_date > $7::integer)
   ON CONFLICT (dc_id, file_id, channel_id, msg_id, document_id)
   DO UPDATE SET until_date = greatest(cdn_files.until_date, excluded.until_date), state = ${SERVED} WHERE cdn_files.state = ${SERVED} OR cdn_files.until_date <= $7`,
);

const dropExpired = defineStatement('drop_expired_cdn_files', 'DELETE FROM cdn_files WHERE until_date <= $1');

const listServed = defineStatement<{ dc_id: number; file_id: Uint8Array }>(
  'list_served_cdn_files',
  `SELECT DISTINCT dc_id, file_id FROM cdn_files WHERE state = ${SERVED} AND (dc_id, file_id) > ($1::integer, $2::bytea) ORDER BY dc_id, file_id LIMIT $3`,
);

// The same content may be in several posts. The node knows it by one name, and must forget it when none of them may be served any longer.
const markClosed = defineStatement(
  'mark_cdn_files',
  `UPDATE cdn_files t SET state = ${TO_FORGET}, until_date = $1
     FROM (SELECT w.dc_id, w.file_id FROM cdn_files w LEFT JOIN LATERAL (SELECT 1 AS is_public FROM ${PUBLIC_FILE}) p ON true
            WHERE w.state = ${SERVED} AND (w.dc_id, w.file_id) > ($2::integer, $3::bytea) AND (w.dc_id, w.file_id) <= ($4::integer, $5::bytea) GROUP BY w.dc_id, w.file_id HAVING count(p.is_public) = 0) closed
    WHERE t.dc_id = closed.dc_id AND t.file_id = closed.file_id AND t.state = ${SERVED}`,
);

const listMarked = defineStatement<{ file_id: Uint8Array }>('list_cdn_files_to_forget', `SELECT DISTINCT file_id FROM cdn_files WHERE dc_id = $1 AND state = ${TO_FORGET} LIMIT $2`);

const confirmRows = defineStatement(
  'confirm_cdn_files',
  `UPDATE cdn_files SET state = ${FORGOTTEN}, until_date = $3 WHERE dc_id = $1 AND file_id = ANY ($2::bytea[]) AND state = ${TO_FORGET}`,
);

/** The number of subscribers of the channel with a file that may be given to everybody; undefined if it may not. */
export async function findPublicFile(db: Pick<Database, 'run'>, { channelId, msgId, documentId }: PostedFile): Promise<number | undefined> {
  return (await db.run(readPublic, [channelId, msgId, documentId])).rows[0]?.members;
}

/** Until when tokens for a file may be given out, in Unix seconds; undefined if it is not noted yet, or a node must forget it. @param now Unix seconds */
export async function findCdnFile(db: Pick<Database, 'run'>, at: FileAtNode, file: PostedFile, now: number): Promise<number | undefined> {
  return (await db.run(readUntil, [at.dc, at.fileId, file.channelId, file.msgId, file.documentId, now])).rows[0]?.until_date;
}

/**
 * Notes that clients are about to get tokens for a file.
 * @param dates in Unix seconds; no token is valid after `until`
 * @returns whether they may: false while the node has to forget the file
 */
export function addCdnFile(db: Pick<Database, 'transact'>, at: FileAtNode, file: PostedFile, { now, until }: { now: number; until: number }): Promise<boolean> {
  return db.transact('add-cdn-file', async (tx) => (await tx.run(insertRow, [at.dc, at.fileId, file.channelId, file.msgId, file.documentId, until, now])).count > 0);
}

/** Files that one statement looks at, so that it ends soon, however many files nodes have. */
const PAGE = 1000;
/** Before all files. */
const BEGIN: FileAtNode = { dc: 0, fileId: new Uint8Array(0) };

/** Marks the files that may not be given to everybody any longer, and drops those of which no token is valid any more. @param now Unix seconds */
export async function markFilesToForget(db: Pick<Database, 'run' | 'transact'>, now: number): Promise<void> {
  await db.transact('drop-cdn-files', (tx) => tx.run(dropExpired, [now]));
  for (let from: FileAtNode | undefined = BEGIN; from !== undefined; ) from = await markPage(db, from, now);
}

/** @returns the last file of the page; undefined if none follows it */
async function markPage(db: Pick<Database, 'run' | 'transact'>, from: FileAtNode, now: number): Promise<FileAtNode | undefined> {
  const { rows } = await db.run(listServed, [from.dc, from.fileId, PAGE]);
  const last = rows.at(-1);
  if (last === undefined) return undefined;
  await db.transact('mark-cdn-files', (tx) => tx.run(markClosed, [now + MAX_TOKEN_S, from.dc, from.fileId, last.dc_id, last.file_id]));
  return rows.length < PAGE ? undefined : { dc: last.dc_id, fileId: last.file_id };
}

/** Lists ids of files that a node must forget. */
export async function listFilesToForget(db: Pick<Database, 'run'>, dc: number, limit: number): Promise<Uint8Array[]> {
  return (await db.run(listMarked, [dc, limit])).rows.map(({ file_id: fileId }) => fileId);
}

/** Notes that a node has forgotten files, which it will refuse as long as any token could be valid. @param now Unix seconds */
export async function noteForgotten(db: Pick<Database, 'transact'>, dc: number, fileIds: readonly Uint8Array[], now: number): Promise<void> {
  await db.transact('confirm-cdn-files', (tx) => tx.run(confirmRows, [dc, fileIds, now + MAX_TOKEN_S]));
}
