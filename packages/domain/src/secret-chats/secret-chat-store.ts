import { type Database, defineStatement, type Tables, type Tx } from '@aerogram/storage';
import type { Selectable } from 'kysely';

/** Values of `secret_chats.state`. They are stored, so they must never change meaning. */
export const ChatState = { requested: 1, accepted: 2, ended: 3 } as const;

/** One side of a secret chat. */
export type SecretChatRow = Selectable<Tables['secret_chats']>;

/** A side of a chat that is about to begin. */
export type NewSide = Pick<SecretChatRow, 'owner_id' | 'chat_id' | 'auth_key_id' | 'peer_id' | 'peer_auth_key_id' | 'is_requester' | 'access_hash' | 'g_a' | 'date'>;

/** A device that may be told of a request. */
export interface KnownDevice {
  user_id: bigint;
  auth_key_id: bigint;
  created_date: number;
  /** Whether it takes no part in secret chats. */
  is_closed: boolean;
}

const findRow = defineStatement<SecretChatRow>('find_secret_chat', 'SELECT * FROM secret_chats WHERE owner_id = $1 AND chat_id = $2');

const lockRows = defineStatement<SecretChatRow>('lock_secret_chat', 'SELECT * FROM secret_chats WHERE chat_id = $1 AND owner_id = ANY ($2::bigint[]) ORDER BY owner_id FOR UPDATE');

const holdRows = defineStatement<SecretChatRow>('hold_secret_chat', 'SELECT * FROM secret_chats WHERE chat_id = $1 AND owner_id = ANY ($2::bigint[]) ORDER BY owner_id FOR SHARE');

const lockUsers = defineStatement<{ user_id: bigint; deleted: boolean }>('lock_users_of_secret_chat', 'SELECT user_id, deleted FROM users WHERE user_id = ANY ($1::bigint[]) ORDER BY user_id FOR NO KEY UPDATE');

// Devices that were carried over from another data centre only load files.
const DEVICES = `SELECT user_id, auth_key_id, created_date, encrypted_requests_disabled AS is_closed FROM authorizations
    WHERE user_id = ANY ($1::bigint[]) AND main_auth_key_id IS NULL ORDER BY auth_key_id`;

const readDevices = defineStatement<KnownDevice>('list_devices_of_secret_chats', DEVICES);

const lockDevices = defineStatement<KnownDevice>('hold_devices_of_secret_chats', `${DEVICES} FOR SHARE`);

const countRecent = defineStatement<{ unaccepted: number; with_peer: number; open_of_peer: number }>(
  'count_recent_secret_chats',
  `SELECT (SELECT count(*)::integer FROM secret_chats WHERE owner_id = $1 AND is_requester AND date > $3 AND auth_key_id <> 0 AND peer_auth_key_id = 0) AS unaccepted,
          (SELECT count(*)::integer FROM secret_chats WHERE owner_id = $1 AND is_requester AND date > $3 AND peer_id = $2) AS with_peer,
          (SELECT count(*)::integer FROM secret_chats WHERE owner_id = $2 AND NOT is_requester AND state = ${ChatState.requested} AND date > $3) AS open_of_peer`,
);

const insertSides = defineStatement(
  'insert_secret_chat',
  `INSERT INTO secret_chats (owner_id, chat_id, auth_key_id, peer_id, peer_auth_key_id, is_requester, access_hash, g_a, date, state)
   SELECT n.*, ${ChatState.requested} FROM unnest($1::bigint[], $2::integer[], $3::bigint[], $4::bigint[], $5::bigint[], $6::boolean[], $7::bigint[], $8::bytea[], $9::integer[]) AS n
   ON CONFLICT DO NOTHING`,
);

// Only one device wins: the row is locked, and nobody has accepted it.
const acceptSide = defineStatement(
  'accept_secret_chat',
  `UPDATE secret_chats SET auth_key_id = $3, g_b = $4, fingerprint = $5, state = ${ChatState.accepted}
    WHERE owner_id = $1 AND chat_id = $2 AND auth_key_id = 0 AND state = ${ChatState.requested}`,
);

const noteAccepted = defineStatement(
  'note_accepted_secret_chat',
  `UPDATE secret_chats SET peer_auth_key_id = $3, g_b = $4, fingerprint = $5, state = ${ChatState.accepted} WHERE owner_id = $1 AND chat_id = $2`,
);

const endSides = defineStatement(
  'end_secret_chats',
  `UPDATE secret_chats AS c SET state = ${ChatState.ended}, ended_date = $4, ended_by_owner = n.by_owner
     FROM unnest($1::bigint[], $2::integer[], $3::boolean[]) AS n (owner_id, chat_id, by_owner)
    WHERE c.owner_id = n.owner_id AND c.chat_id = n.chat_id`,
);

const saveRead = defineStatement('save_secret_read', 'UPDATE secret_chats SET read_date = $3 WHERE owner_id = $1 AND chat_id = $2 AND read_date < $3');

const insertSend = defineStatement('insert_secret_send', 'INSERT INTO secret_sends (owner_id, chat_id, random_id, date, file_id) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING');

const findSend = defineStatement<SecretSend>('find_secret_send', 'SELECT date, file_id FROM secret_sends WHERE owner_id = $1 AND chat_id = $2 AND random_id = $3');

// What nobody accepted ends with its user's last device.
const listToEnd = defineStatement<SecretChatRow>(
  'list_secret_chats_to_end',
  `SELECT * FROM secret_chats c
    WHERE owner_id = $1 AND state <> ${ChatState.ended}
      AND (auth_key_id = ANY ($2::bigint[]) OR (auth_key_id = 0 AND NOT EXISTS (SELECT FROM authorizations a WHERE a.user_id = $1 AND a.main_auth_key_id IS NULL)))`,
);

const listUnanswered = defineStatement<SecretChatRow>('list_unanswered_secret_chats', `SELECT * FROM secret_chats WHERE state = ${ChatState.requested} AND is_requester AND date < $1 ORDER BY owner_id, chat_id LIMIT $2`);

const lockMany = defineStatement<SecretChatRow>(
  'lock_secret_chats',
  `SELECT c.* FROM secret_chats c JOIN unnest($1::bigint[], $2::integer[]) AS n (owner_id, chat_id) ON c.owner_id = n.owner_id AND c.chat_id = n.chat_id
    ORDER BY c.owner_id, c.chat_id FOR UPDATE OF c`,
);

const sweepSends = defineStatement('sweep_secret_sends', 'DELETE FROM secret_sends WHERE ctid = ANY (ARRAY(SELECT ctid FROM secret_sends WHERE date < $1 LIMIT $2))');

// What was never accepted is needed for a shorter time.
const sweepEnded = defineStatement<{ owner_id: bigint; chat_id: number; is_accepted: boolean }>(
  'sweep_secret_chats',
  `DELETE FROM secret_chats WHERE (owner_id, chat_id) IN (
     SELECT owner_id, chat_id FROM secret_chats WHERE ended_date IS NOT NULL AND (ended_date < $1 OR (ended_date < $2 AND g_b IS NULL)) ORDER BY owner_id, chat_id LIMIT $3)
   RETURNING owner_id, chat_id, g_b IS NOT NULL AS is_accepted`,
);

/** What a message was sent with before. */
export interface SecretSend {
  date: number;
  file_id: bigint | null;
}

type Reader = Pick<Database, 'run'>;

/** Finds one side of a chat. */
export async function findSecretChat(db: Reader, ownerId: bigint, chatId: number): Promise<SecretChatRow | undefined> {
  return (await db.run(findRow, [ownerId, chatId])).rows[0];
}

/** Whether a chat of this person still waits for a device that accepts it, or goes on. */
export async function isChatIn(db: Reader, ownerId: bigint, chatId: number, state: 'request' | 'accepted'): Promise<boolean> {
  const chat = await findSecretChat(db, ownerId, chatId);
  return chat?.state === (state === 'request' ? ChatState.requested : ChatState.accepted);
}

/** The two sides of a chat: that of the one who acts, and that of the peer. */
export interface Sides {
  own: SecretChatRow;
  peer: SecretChatRow;
}

/** Locks both sides of a chat, so that nothing about it changes. @returns undefined if it was deleted meanwhile */
export async function lockSides(tx: Tx, { owner_id: ownerId, peer_id: peerId, chat_id: chatId }: SecretChatRow): Promise<Sides | undefined> {
  return sidesOf((await tx.run(lockRows, [chatId, [ownerId, peerId]])).rows, ownerId);
}

/** Keeps both sides of a chat from being changed; others may send in it meanwhile. */
export async function holdSides(tx: Tx, { owner_id: ownerId, peer_id: peerId, chat_id: chatId }: SecretChatRow): Promise<Sides | undefined> {
  return sidesOf((await tx.run(holdRows, [chatId, [ownerId, peerId]])).rows, ownerId);
}

function sidesOf(rows: readonly SecretChatRow[], ownerId: bigint): Sides | undefined {
  const own = rows.find((row) => row.owner_id === ownerId);
  const peer = rows.find((row) => row.owner_id !== ownerId);
  return own && peer?.owner_id === own.peer_id && peer.peer_id === ownerId ? { own, peer } : undefined;
}

/** Locks two users, in one order for everybody. @returns whether each is deleted */
export async function lockPeople(tx: Tx, userIds: readonly [bigint, bigint]): Promise<Map<bigint, boolean>> {
  return new Map((await tx.run(lockUsers, [userIds])).rows.map((row) => [row.user_id, row.deleted]));
}

/** Lists the devices of users. */
export async function listDevices(tx: Tx, userIds: readonly bigint[]): Promise<readonly KnownDevice[]> {
  return (await tx.run(readDevices, [userIds])).rows;
}

/** Lists the devices of users, and keeps them from being logged out until the transaction ends. */
export async function holdDevices(tx: Tx, userIds: readonly bigint[]): Promise<readonly KnownDevice[]> {
  return (await tx.run(lockDevices, [userIds])).rows;
}

/** Counts what one user has requested since a date, and how many requests the other has to answer. */
export async function countRequests(tx: Tx, userId: bigint, peerId: bigint, sinceDate: number): Promise<{ unaccepted: number; with_peer: number; open_of_peer: number }> {
  return (await tx.run(countRecent, [userId, peerId, sinceDate])).rows[0]!;
}

/** Stores both sides of a new chat, in ascending order of their owners. @returns whether the id was free for both */
export async function insertSecretChat(tx: Tx, sides: readonly [NewSide, NewSide]): Promise<boolean> {
  const rows = sides.toSorted((a, b) => (a.owner_id < b.owner_id ? -1 : 1));
  const { count } = await tx.run(insertSides, [
    rows.map((row) => row.owner_id),
    rows.map((row) => row.chat_id),
    rows.map((row) => row.auth_key_id),
    rows.map((row) => row.peer_id),
    rows.map((row) => row.peer_auth_key_id),
    rows.map((row) => row.is_requester),
    rows.map((row) => row.access_hash),
    rows.map((row) => row.g_a),
    rows.map((row) => row.date),
  ]);
  return count === rows.length;
}

/** What the device that accepts a chat says. */
export interface Acceptance {
  authKeyId: bigint;
  gB: Uint8Array;
  fingerprint: bigint;
}

/** Notes on both sides which device has accepted a chat. The sides must be locked. @returns false if another one was first */
export async function saveAcceptance(tx: Tx, { own, peer }: Sides, { authKeyId, gB, fingerprint }: Acceptance): Promise<boolean> {
  const { count } = await tx.run(acceptSide, [own.owner_id, own.chat_id, authKeyId, gB, fingerprint]);
  if (count > 0) await tx.run(noteAccepted, [peer.owner_id, peer.chat_id, authKeyId, gB, fingerprint]);
  return count > 0;
}

/** Ends chats on both sides. The sides must be locked. @param sides.own of the one who ends it */
export async function saveEnds(tx: Tx, sides: readonly Sides[], nowDate: number): Promise<void> {
  const rows = sides.flatMap(({ own, peer }) => [own, peer]);
  await tx.run(endSides, [rows.map((row) => row.owner_id), rows.map((row) => row.chat_id), sides.flatMap(() => [true, false]), nowDate]);
}

/** Notes up to which date the owner has read. @returns false if it was so before */
export async function saveReadDate(tx: Tx, { owner_id: ownerId, chat_id: chatId }: SecretChatRow, date: number): Promise<boolean> {
  return (await tx.run(saveRead, [ownerId, chatId, date])).count > 0;
}

/** Notes that a message is sent. @returns false if it was sent before */
export async function insertSecretSend(tx: Tx, { owner_id: ownerId, chat_id: chatId }: SecretChatRow, randomId: bigint, { date, file_id: fileId }: SecretSend): Promise<boolean> {
  return (await tx.run(insertSend, [ownerId, chatId, randomId, date, fileId])).count > 0;
}

/** Finds the first result of a send. */
export async function findSecretSend(db: Reader, { owner_id: ownerId, chat_id: chatId }: SecretChatRow, randomId: bigint): Promise<SecretSend | undefined> {
  return (await db.run(findSend, [ownerId, chatId, randomId])).rows[0];
}

/** Lists the chats that end with these devices of a user. */
export async function listChatsToEnd(tx: Tx, userId: bigint, authKeyIds: readonly bigint[]): Promise<readonly SecretChatRow[]> {
  return (await tx.run(listToEnd, [userId, authKeyIds])).rows;
}

/** Lists requests that were made before a date and that nobody has answered: the sides of those who asked. */
export async function listUnansweredRequests(db: Reader, beforeDate: number, limit: number): Promise<readonly SecretChatRow[]> {
  return (await db.run(listUnanswered, [beforeDate, limit])).rows;
}

/** Locks both sides of many chats of a user, in one order for everybody. */
export async function lockManySides(tx: Tx, userId: bigint, chats: readonly SecretChatRow[]): Promise<Sides[]> {
  const places = chats.flatMap((chat) => [chat.owner_id, chat.peer_id].map((ownerId) => ({ ownerId, chatId: chat.chat_id })));
  const { rows } = await tx.run(lockMany, [places.map(({ ownerId }) => ownerId), places.map(({ chatId }) => chatId)]);
  return chats.flatMap(({ chat_id: chatId, peer_id: peerId }) => sidesOf(rows.filter((row) => row.chat_id === chatId && (row.owner_id === userId || row.owner_id === peerId)), userId) ?? []);
}

/** Deletes a slice of what is known of sends before a date. @returns how many */
export async function sweepSecretSends(tx: Tx, beforeDate: number, limit: number): Promise<number> {
  return (await tx.run(sweepSends, [beforeDate, limit])).count;
}

/** Deletes a slice of the chats that ended before a date. @param before.unacceptedDate of those that nobody had accepted */
export async function sweepSecretChats(tx: Tx, before: { date: number; unacceptedDate: number }, limit: number): Promise<readonly { owner_id: bigint; chat_id: number; is_accepted: boolean }[]> {
  return (await tx.run(sweepEnded, [before.date, before.unacceptedDate, limit])).rows;
}
