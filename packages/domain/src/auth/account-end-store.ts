import { sql, type Tx } from '@aerogram/storage';

import { disownBots } from '../bots/index.ts';
import { removeUserInfo } from '../support/index.ts';
import { saveUserWords } from '../users/index.ts';
import { removeAdmin } from './admin-store.ts';
import { endAuthorizations } from './authorization-store.ts';
import { forgetCompanyAccount } from './company-account-store.ts';
import { removePassword } from './password-store.ts';
import { spendOfNumber } from './spend-store.ts';

const NO_PROFILE = {
  first_name: '',
  last_name: '',
  about: '',
  personal_channel_id: null,
  photo_id: null,
  photo_stripped: null,
  photo_has_video: false,
  fallback_photo_id: null,
  fallback_photo_stripped: null,
  fallback_photo_has_video: false,
  birthday_day: null,
  birthday_month: null,
  birthday_year: null,
  color: null,
  profile_color: null,
  emoji_status_id: null,
  emoji_status_until: null,
  color_emoji_id: null,
  profile_color_emoji_id: null,
  gives_support: false,
};

/** Tables whose rows of an `owner_id` end with the account, beside those that `endAccount` names itself. */
export const OWN_TABLES = ['app_settings', 'notify_settings', 'privacy_rules', 'blocked_peers', 'hidden_peer_bars', 'saved_contacts', 'top_peer_resets', 'folder_link_names', 'folder_links', 'joined_folders'] as const;

/** The same of a `user_id`. */
export const OWN_USER_TABLES = ['account_security', 'exported_authorizations', 'passkeys', 'user_settings', 'contact_tokens', 'creation_policy_users'] as const;

/** The keys and users that the deletion of an account affects. */
export interface EndedAccount {
  /** Permanent auth keys that were logged in to the account or waited for its password. */
  keys: bigint[];
  /** Users who had the account in their contacts or were in its contacts. */
  contacts: bigint[];
}

/**
 * Turns a user into a "Deleted Account": clears the profile, frees the phone number and usernames, and logs out all devices. The row stays,
 * because other users' chats refer to it.
 * @returns undefined if the account was already deleted
 */
export async function endAccount(tx: Tx, userId: bigint, nowDate: number): Promise<EndedAccount | undefined> {
  // Done first, so that no code can log in a device after the devices were listed.
  const numbers = await tx.q.selectFrom('phones').select('phone').where('user_id', '=', userId).execute();
  if (numbers.length > 0) await spendOfNumber(tx, userId, numbers.map((row) => row.phone));
  const user = await tx.q
    .updateTable('users')
    .set({ deleted: true, phone: null, username: null, online_date: 0, ...NO_PROFILE })
    .where('user_id', '=', userId)
    .where('deleted', '=', false)
    .returning('user_id')
    .executeTakeFirst();
  if (!user) return undefined;
  await forgetCompanyAccount(tx, userId, numbers.map((row) => row.phone));
  await tx.q.deleteFrom('phones').where('user_id', '=', userId).execute();
  await tx.q.deleteFrom('usernames').where('peer_id', '=', userId).execute();

  const devices = await tx.q.selectFrom('authorizations').select('auth_key_id').where('user_id', '=', userId).execute();
  const ended = await endAuthorizations(tx, userId, devices.map((row) => row.auth_key_id), { nowDate, revoked: true });
  if (ended.length > 0) await tx.q.updateTable('auth_keys').set({ deactivated: true }).where('auth_key_id', 'in', ended).execute();
  const waiting = await tx.q
    .updateTable('auth_keys')
    .set({ pending_user_id: null, pending_date: null, deactivated: true })
    .where('pending_user_id', '=', userId)
    .returning('auth_key_id')
    .execute();

  // Statements that wait for each other in nothing go to the database together.
  const [own, others] = await Promise.all([
    tx.q.deleteFrom('contacts').where('owner_id', '=', userId).returning('user_id').execute(),
    tx.q.updateTable('contacts').set({ mutual: false, phone: '' }).where('user_id', '=', userId).returning('owner_id').execute(),
    disownBots(tx, userId),
    removePassword(tx, userId),
    removeAdmin(tx, userId),
    removeUserInfo(tx, userId),
    tx.q.deleteFrom('email_codes').where('owner', '=', String(userId)).execute(),
    saveUserWords(tx, userId),
    ...OWN_TABLES.map((table) => tx.q.deleteFrom(table).where('owner_id', '=', userId).execute()),
    ...OWN_USER_TABLES.map((table) => tx.q.deleteFrom(table).where('user_id', '=', userId).execute()),
  ]);
  return {
    keys: [...ended, ...waiting.map((row) => row.auth_key_id)],
    contacts: [...new Set([...own.map((row) => row.user_id), ...others.map((row) => row.owner_id)])],
  };
}

/**
 * The numbers that a user has, and those that the user had before as far as codes and log-ins tell. Numbers that others have by now are left out: what is known of
 * them is no longer about this user.
 */
async function listNumbersOf(tx: Tx, userId: bigint): Promise<string[]> {
  const known = await tx.q
    .selectFrom('phones')
    .select('phone')
    .where('user_id', '=', userId)
    .union(tx.q.selectFrom('login_codes').select('phone').where('user_id', '=', userId))
    // Such a code is bound to the number from which it leads away.
    .union(tx.q.selectFrom('login_codes').select('bound_to as phone').where('purpose', '=', 'change_phone').where((eb) => eb.or([eb('user_id', '=', userId), eb('asked_by', '=', userId)])))
    .union(tx.q.selectFrom('admin_log_ins').select('phone').where('user_id', '=', userId))
    .execute();
  const phones = known.map(({ phone }) => phone);
  if (phones.length === 0) return [];
  const others = await tx.q.selectFrom('phones').select('phone').where('phone', 'in', phones).where('user_id', '<>', userId).execute();
  return phones.filter((phone) => !others.some((other) => other.phone === phone));
}

/** Deletes what else is known of the phone numbers that a user who is about to be deleted has or had. Bans stay: they are to hold. */
export async function forgetNumbers(tx: Tx, userId: bigint): Promise<void> {
  const phones = await listNumbersOf(tx, userId);
  await tx.q.deleteFrom('login_codes').where((eb) => eb.or([eb('user_id', '=', userId), eb('asked_by', '=', userId)])).execute();
  await tx.q.deleteFrom('admin_log_ins').where('user_id', '=', userId).execute();
  if (phones.length === 0) return;
  await tx.q.deleteFrom('login_codes').where('phone', 'in', phones).execute();
  await tx.q.deleteFrom('admin_log_ins').where('phone', 'in', phones).execute();
  await tx.q.deleteFrom('email_codes').where('owner', 'in', phones.map((phone) => `+${phone}`)).execute();
  await tx.q.deleteFrom('invitations').where('phone', 'in', phones).execute();
  await tx.q.deleteFrom('invitation_forms').where('given_phone', 'in', phones).execute();
}

/** Frees the phone numbers and usernames of accounts that are going to be deleted. */
export async function freeNames(tx: Tx, userIds: readonly bigint[]): Promise<void> {
  await sql`
    WITH numbers AS (DELETE FROM phones WHERE user_id = ANY (${userIds}::int8[])),
         names AS (DELETE FROM usernames WHERE peer_id = ANY (${userIds}::int8[])),
         words AS (DELETE FROM user_words WHERE user_id = ANY (${userIds}::int8[]))
    UPDATE users SET phone = NULL, username = NULL WHERE user_id = ANY (${userIds}::int8[])`.execute(tx.q);
}

/**
 * Deletes rows of an owner from a table.
 * @param by the table, the column that names the owner, `owner_id` unless it is another one, and the column by which the rows are ordered
 * @param limit maximum number of rows
 * @returns the number of deleted rows
 */
export async function deleteSlice(tx: Tx, by: { table: string; key: string; owner?: string }, ownerId: bigint, limit: number): Promise<number> {
  const [table, key, owner] = [sql.table(by.table), sql.ref(by.key), sql.ref(by.owner ?? 'owner_id')];
  const { numAffectedRows } = await sql`
    DELETE FROM ${table} WHERE ${owner} = ${ownerId} AND ${key} IN (
      SELECT ${key} FROM ${table} WHERE ${owner} = ${ownerId} ORDER BY ${key} LIMIT ${limit})`.execute(tx.q);
  return Number(numAffectedRows ?? 0n);
}
