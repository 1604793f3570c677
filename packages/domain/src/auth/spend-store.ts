import type { Tx } from '@aerogram/storage';

import { spendEmailCodes } from './email-code-store.ts';

/*
 * Functions that invalidate codes, tokens and challenges when the state that they depend on changes. SECURITY.md lists all of them and
 * what each is bound to. `savePassword` and `removePassword` invalidate those that depend on the password.
 */

/**
 * Invalidates what was issued to keys while they were logged in as a user or waited for the user's password.
 * @param revoked another device ended the keys, or the account is being deleted: requests that are waiting out a week end too, and so do
 * log-in codes that these devices may have read
 */
export async function spendOfKeys(tx: Tx, userId: bigint, authKeyIds: readonly bigint[], revoked: boolean): Promise<void> {
  if (authKeyIds.length === 0) return;
  await tx.q.deleteFrom('srp_challenges').where('user_id', '=', userId).where('auth_key_id', 'in', authKeyIds).execute();
  await tx.q.deleteFrom('unconfirmed_passwords').where('user_id', '=', userId).where('auth_key_id', 'in', authKeyIds).execute();
  await tx.q.deleteFrom('tmp_passwords').where('user_id', '=', userId).where('auth_key_id', 'in', authKeyIds).execute();
  await tx.q.deleteFrom('contact_tokens').where('user_id', '=', userId).where('auth_key_id', 'in', authKeyIds).execute();
  await tx.q.deleteFrom('passkey_challenges').where('auth_key_id', 'in', authKeyIds).where('user_id', '=', userId).execute();
  await tx.q
    .deleteFrom('exported_authorizations')
    .where('user_id', '=', userId)
    .where((eb) => eb.or([eb('auth_key_id', 'in', authKeyIds), eb('used_auth_key_id', 'in', authKeyIds)]))
    .execute();
  await spendEmailCodes(tx, String(userId), { authKeyIds });
  await tx.q.updateTable('login_codes').set({ cancelled: true }).where('asked_by', '=', userId).where('auth_key_id', 'in', authKeyIds).execute();
  if (!revoked) return;
  await tx.q
    .updateTable('passwords')
    .set({ reset_date: null, reset_auth_key_id: null })
    .where('user_id', '=', userId)
    .where('reset_auth_key_id', 'in', authKeyIds)
    .execute();
  const stopped = await tx.q
    .updateTable('account_security')
    .set({ deletion_date: null, deletion_hash: null, deletion_auth_key_id: null })
    .where('user_id', '=', userId)
    .where('deletion_auth_key_id', 'in', authKeyIds)
    .returning('user_id')
    .execute();
  if (stopped.length > 0) await cancelAskedCodes(tx, userId);
  // Log-in codes are sent to the service chat, which these devices could read.
  const user = await tx.q.selectFrom('users').select('phone').where('user_id', '=', userId).executeTakeFirst();
  if (user?.phone) await cancelLoginCodes(tx, [user.phone], { unused: true });
}

/**
 * Invalidates what depends on a phone number that the user no longer has or has just got: the codes for both numbers, and the requests of
 * somebody who had the old one.
 * @param exceptCodeHash the code that changed the number; a repeat of that call must still find it
 */
export async function spendOfNumber(tx: Tx, userId: bigint, phones: readonly string[], exceptCodeHash?: string): Promise<void> {
  await cancelLoginCodes(tx, phones);
  await cancelAskedCodes(tx, userId, exceptCodeHash);
  const nothing = { login_email_reset_date: null, deletion_date: null, deletion_hash: null, deletion_auth_key_id: null };
  await tx.q.updateTable('account_security').set(nothing).where('user_id', '=', userId).execute();
}

/**
 * Invalidates log-in codes sent to a login e-mail, and codes for changing it.
 * @param exceptCodeHash the code with which the address was removed; a repeat of that call must still find it
 */
export async function spendOfLoginEmail(tx: Tx, userId: bigint, exceptCodeHash?: string): Promise<void> {
  const user = await tx.q.selectFrom('users').select('phone').where('user_id', '=', userId).executeTakeFirst();
  if (user?.phone) await cancelLoginCodes(tx, [user.phone], { unused: true, exceptCodeHash });
  await spendEmailCodes(tx, String(userId), { purposes: ['login_change'] });
}

/**
 * Cancels log-in codes of phone numbers.
 * @param which `unused`: only codes that have not been accepted
 */
export async function cancelLoginCodes(tx: Tx, phones: readonly string[], which: { unused?: boolean; exceptCodeHash?: string | undefined } = {}): Promise<void> {
  const { unused, exceptCodeHash } = which;
  await tx.q
    .updateTable('login_codes')
    .set({ cancelled: true })
    .where('phone', 'in', phones)
    .where('purpose', '=', 'login')
    .$if(unused === true, (query) => query.where('accepted_date', 'is', null))
    .$if(exceptCodeHash !== undefined, (query) => query.where('code_hash', '<>', exceptCodeHash!))
    .execute();
}

/** Cancels the codes that a user requested while logged in. */
async function cancelAskedCodes(tx: Tx, userId: bigint, exceptCodeHash?: string): Promise<void> {
  await tx.q
    .updateTable('login_codes')
    .set({ cancelled: true })
    .where('asked_by', '=', userId)
    .$if(exceptCodeHash !== undefined, (query) => query.where('code_hash', '<>', exceptCodeHash!))
    .execute();
}
