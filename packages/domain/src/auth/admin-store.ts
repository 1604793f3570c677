import type { Database, Tables, Tx } from '@aerogram/storage';
import type { Selectable } from 'kysely';

import { QUOTAS } from '../shared/index.ts';
import type { PasswordRow } from './password-store.ts';

export type AdminLogInRow = Selectable<Tables['admin_log_ins']>;
export type AdminSessionRow = Selectable<Tables['admin_sessions']>;

/** Seconds for which a log-in can be completed. */
export const LOG_IN_LIFE_S = 600;

/** Seconds after which a session ends, however it is used. */
export const SESSION_LIFE_S = 12 * 3600;

/** Seconds after which a session ends that is not used. */
export const SESSION_IDLE_S = 1800;

/** Seconds for which log-ins are kept, so that those of a number are counted. */
const LOG_INS_KEPT_S = QUOTAS.adminLogInsOfNumber.periodS;

/** Maximum number of sessions of one admin; the oldest ends. */
const SESSIONS_MAX = 10;

/** An account that may use the admin page. */
export interface Admin {
  user_id: bigint;
  granted_date: number;
  name: string;
  /** The page refuses an account without a two-step password. */
  hasPassword: boolean;
  /** The page refuses an account whose number is banned. */
  isBanned: boolean;
}

/** Lets an account use the admin page. @returns false if it may already */
export async function saveAdmin(tx: Tx, userId: bigint, nowDate: number): Promise<boolean> {
  const rows = await tx.q.insertInto('admins').values({ user_id: userId, granted_date: nowDate }).onConflict((oc) => oc.doNothing()).returning('user_id').execute();
  return rows.length > 0;
}

/** Takes the right to use the admin page away, and ends all sessions there. @returns false if the account had no right */
export async function removeAdmin(tx: Tx, userId: bigint): Promise<boolean> {
  await endAdminSessions(tx, userId);
  const rows = await tx.q.deleteFrom('admins').where('user_id', '=', userId).returning('user_id').execute();
  return rows.length > 0;
}

/** Ends the sessions and unfinished log-ins of an account at the admin page. */
export async function endAdminSessions(tx: Tx, userId: bigint): Promise<void> {
  await tx.q.deleteFrom('admin_sessions').where('user_id', '=', userId).execute();
  await tx.q.updateTable('admin_log_ins').set({ user_id: null, has_code: false }).where('user_id', '=', userId).execute();
}

/** Lists the accounts that may use the admin page, those of longest standing first. */
export async function listAdmins({ q }: Pick<Database, 'q'>, limit: number): Promise<Admin[]> {
  const rows = await q
    .selectFrom('admins')
    .innerJoin('users', 'users.user_id', 'admins.user_id')
    .leftJoin('passwords', 'passwords.user_id', 'admins.user_id')
    .leftJoin('banned_phones', 'banned_phones.phone', 'users.phone')
    .select(['admins.user_id', 'granted_date', 'first_name', 'last_name', 'passwords.user_id as password_id', 'banned_date'])
    .orderBy('granted_date')
    .orderBy('admins.user_id')
    .limit(limit)
    .execute();
  return rows.map(({ user_id, granted_date, first_name: first, last_name: last, password_id: passwordId, banned_date: bannedDate }) => {
    return { user_id, granted_date, name: `${first} ${last}`.trim(), hasPassword: passwordId !== null, isBanned: bannedDate !== null };
  });
}

/** The admin with a phone number, unless the number is banned, the account deleted, or the company of the person lets them in no longer. */
export async function findAdminByPhone(q: Database['q'] | Tx['q'], phone: string): Promise<bigint | undefined> {
  const row = await q
    .selectFrom('admins')
    .innerJoin('users', 'users.user_id', 'admins.user_id')
    .select('admins.user_id')
    .where('users.phone', '=', phone)
    .where('users.deleted', '=', false)
    .where(({ not, exists, selectFrom }) => not(exists(selectFrom('banned_phones').select('phone').where('phone', '=', phone))))
    .where(({ not, exists, selectFrom }) => not(exists(selectFrom('company_accounts').select('user_id').whereRef('user_id', '=', 'admins.user_id').where('state', '=', 'ended'))))
    .executeTakeFirst();
  return row?.user_id;
}

/** Ends the sessions of the account with this number. */
export async function endAdminSessionsOfPhone(tx: Tx, phone: string): Promise<void> {
  await tx.q.deleteFrom('admin_sessions').where('user_id', 'in', tx.q.selectFrom('phones').select('user_id').where('phone', '=', phone)).execute();
}

/** Dates of the latest log-ins of a number, oldest first. */
export async function listLogInDates(tx: Tx, phone: string, sinceDate: number): Promise<number[]> {
  const rows = await tx.q.selectFrom('admin_log_ins').select('created_date').where('phone', '=', phone).where('created_date', '>', sinceDate).orderBy('created_date').execute();
  return rows.map((row) => row.created_date);
}

/** Records that a log-in has begun. */
export async function insertLogIn(tx: Tx, row: Omit<AdminLogInRow, 'tries' | 'has_code'>): Promise<void> {
  await tx.q.insertInto('admin_log_ins').values(row).execute();
}

/** Finds and locks a log-in that can still be completed. */
export function lockLogIn(tx: Tx, tokenHash: Uint8Array, nowDate: number): Promise<AdminLogInRow | undefined> {
  return tx.q.selectFrom('admin_log_ins').selectAll().where('token_hash', '=', tokenHash).where('created_date', '>', nowDate - LOG_IN_LIFE_S).forUpdate().executeTakeFirst();
}

/** Changes a log-in. */
export async function updateLogIn(tx: Tx, tokenHash: Uint8Array, change: Partial<Pick<AdminLogInRow, 'tries' | 'has_code' | 'user_id'>>): Promise<void> {
  await tx.q.updateTable('admin_log_ins').set(change).where('token_hash', '=', tokenHash).execute();
}

/** The hash of the newest code that was issued for a log-in; undefined if none was. */
export async function findCodeHashOf(tx: Tx, { phone, auth_key_id: authKeyId }: AdminLogInRow): Promise<string | undefined> {
  const row = await tx.q.selectFrom('login_codes').select('code_hash').where('phone', '=', phone).where('auth_key_id', '=', authKeyId).orderBy('created_date', 'desc').executeTakeFirst();
  return row?.code_hash;
}

/** Records a session. The oldest ones of an admin who has too many end. */
export async function insertSession(tx: Tx, row: AdminSessionRow): Promise<void> {
  const others = await tx.q.selectFrom('admin_sessions').select('token_hash').where('user_id', '=', row.user_id).orderBy('created_date', 'desc').offset(SESSIONS_MAX - 1).execute();
  for (const { token_hash: hash } of others) await deleteSession(tx, hash);
  await tx.q.insertInto('admin_sessions').values(row).execute();
}

/** A session, with what its right depends on. */
export interface FoundSession extends AdminSessionRow {
  name: string;
  /** Undefined if the account has none any more. */
  password: PasswordRow | undefined;
  /** Whether the account may use the page: it was granted, is not deleted, its number is not banned, and the company of the person, if it is a company's, lets them in. */
  isAdmin: boolean;
}

/** Reads a session and the right of its account, from the rows as they are now. */
export async function findSession(q: Database['q'], tokenHash: Uint8Array): Promise<FoundSession | undefined> {
  const row = await q
    .selectFrom('admin_sessions as s')
    .innerJoin('users as u', 'u.user_id', 's.user_id')
    .leftJoin('admins as a', 'a.user_id', 's.user_id')
    .leftJoin('banned_phones as b', 'b.phone', 'u.phone')
    .leftJoin('company_accounts as c', 'c.user_id', 's.user_id')
    .selectAll('s')
    .select(['u.first_name', 'u.last_name', 'u.deleted', 'a.granted_date', 'b.banned_date', 'c.state'])
    .where('s.token_hash', '=', tokenHash)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const password = await q.selectFrom('passwords').selectAll().where('user_id', '=', row.user_id).executeTakeFirst();
  const { first_name: first, last_name: last, deleted, granted_date: granted, banned_date: banned, state, ...session } = row;
  return { ...session, name: `${first} ${last}`.trim(), password, isAdmin: granted !== null && !deleted && banned === null && state !== 'ended' };
}

/** Records that a session was used. */
export async function touchSession(tx: Tx, tokenHash: Uint8Array, nowDate: number): Promise<void> {
  await tx.q.updateTable('admin_sessions').set({ used_date: nowDate }).where('token_hash', '=', tokenHash).execute();
}

/** Ends a session. */
export async function deleteSession(tx: Tx, tokenHash: Uint8Array): Promise<void> {
  await tx.q.deleteFrom('admin_sessions').where('token_hash', '=', tokenHash).execute();
}

/** Deletes log-ins and sessions that have expired. */
export async function deleteOldAdminRows(tx: Tx, nowDate: number): Promise<void> {
  await tx.q.deleteFrom('admin_log_ins').where('created_date', '<', nowDate - LOG_INS_KEPT_S).execute();
  await tx.q.deleteFrom('admin_sessions').where('created_date', '<', nowDate - SESSION_LIFE_S).execute();
}
