import { sha256Of } from '@aerogram/crypto';
import type { Database, Tables, Tx } from '@aerogram/storage';
import type { Selectable, Updateable } from 'kysely';

import { QUOTAS, useQuota } from '../shared/index.ts';
import { type EmailPurpose, spendEmailCodes } from './email-code-store.ts';

export type PasswordRow = Selectable<Tables['passwords']>;
export type UnconfirmedRow = Selectable<Tables['unconfirmed_passwords']>;
export type ChallengeRow = Selectable<Tables['srp_challenges']>;

/** A new password as the client derived it. */
export interface NewPassword {
  salt1: Uint8Array;
  salt2: Uint8Array;
  verifier: Uint8Array;
  hint: string;
}

/** Maximum number of open challenges per key. Clients request a new one repeatedly while they show the password settings. */
const OPEN_CHALLENGES = 8;

/** Finds the password of a user; undefined if there is none. */
export async function findPassword(q: Database['q'] | Tx['q'], userId: bigint): Promise<PasswordRow | undefined> {
  return q.selectFrom('passwords').selectAll().where('user_id', '=', userId).executeTakeFirst();
}

/** Same as {@link findPassword}, but locks the row until the transaction ends. */
export async function lockPassword(tx: Tx, userId: bigint): Promise<PasswordRow | undefined> {
  return tx.q.selectFrom('passwords').selectAll().where('user_id', '=', userId).forUpdate().executeTakeFirst();
}

/**
 * Identifies the present password and its recovery address. Codes that recover or confirm them are bound to this value. It changes even
 * when the same password is set again, because the salts differ.
 */
export function passwordVersion(password: PasswordRow | undefined): string {
  if (!password) return 'none';
  const { salt1, salt2, verifier, email } = password;
  return Buffer.from(sha256Of(salt1, salt2, verifier, Buffer.from(email ?? ''))).toString('hex');
}

/**
 * Sets or changes the password; the recovery address stays. Deletes everything issued for the old password, including a pending reset.
 * Log-ins that wait for the password need the new one.
 * @param bySrpId the exchange that authorised the change; it is kept so that a repeat of the same request still finds its proof
 */
export async function savePassword(
  tx: Tx,
  userId: bigint,
  password: NewPassword,
  { nowDate, bySrpId }: { nowDate: number; bySrpId?: bigint | undefined },
): Promise<void> {
  const change = { ...password, changed_date: nowDate, reset_date: null, reset_auth_key_id: null };
  await tx.q
    .insertInto('passwords')
    .values({ user_id: userId, email: null, reset_declined_date: null, ...change })
    .onConflict((oc) => oc.column('user_id').doUpdateSet(change))
    .execute();
  await spendOfPassword(tx, userId, bySrpId);
}

/**
 * Deletes the password and everything issued for it.
 * @param bySrpId see {@link savePassword}
 */
export async function removePassword(tx: Tx, userId: bigint, bySrpId?: bigint): Promise<void> {
  await tx.q.deleteFrom('passwords').where('user_id', '=', userId).execute();
  await tx.q.deleteFrom('password_guesses').where('user_id', '=', userId).execute();
  await spendOfPassword(tx, userId, bySrpId);
}

/** Writes the recovery address and invalidates codes sent to the old one. */
export async function saveRecoveryEmail(tx: Tx, userId: bigint, email: string | null): Promise<void> {
  await tx.q.updateTable('passwords').set({ email }).where('user_id', '=', userId).execute();
  await tx.q.deleteFrom('unconfirmed_passwords').where('user_id', '=', userId).execute();
  await spendEmailCodes(tx, String(userId), { purposes: PASSWORD_CODES });
}

/** Purposes of the e-mail codes that depend on the password. */
const PASSWORD_CODES: readonly EmailPurpose[] = ['recovery', 'confirm_password_email'];

async function spendOfPassword(tx: Tx, userId: bigint, exceptSrpId: bigint | undefined): Promise<void> {
  await tx.q.deleteFrom('unconfirmed_passwords').where('user_id', '=', userId).execute();
  await tx.q.deleteFrom('tmp_passwords').where('user_id', '=', userId).execute();
  await tx.q
    .deleteFrom('srp_challenges')
    .where('user_id', '=', userId)
    .$if(exceptSrpId !== undefined, (query) => query.where('srp_id', '<>', exceptSrpId!))
    .execute();
  await spendEmailCodes(tx, String(userId), { purposes: PASSWORD_CODES });
}

/** Finds the recovery address that is not confirmed yet. */
export async function findUnconfirmed(q: Database['q'] | Tx['q'], userId: bigint): Promise<UnconfirmedRow | undefined> {
  return q.selectFrom('unconfirmed_passwords').selectAll().where('user_id', '=', userId).executeTakeFirst();
}

/**
 * Stores an unconfirmed address, and the first password that waits for it.
 * @param asked the requesting key, the address and the password
 */
export async function saveUnconfirmed(
  tx: Tx,
  userId: bigint,
  asked: { authKeyId: bigint; email: string; password: NewPassword | undefined },
): Promise<void> {
  const { email, password } = asked;
  const row = {
    email,
    auth_key_id: asked.authKeyId,
    salt1: password?.salt1 ?? null,
    salt2: password?.salt2 ?? null,
    verifier: password?.verifier ?? null,
    hint: password?.hint ?? '',
  };
  await tx.q
    .insertInto('unconfirmed_passwords')
    .values({ user_id: userId, ...row })
    .onConflict((oc) => oc.column('user_id').doUpdateSet(row))
    .execute();
}

/** Stores the server's half of an SRP exchange. Each key can have a limited number of them; the oldest are deleted. */
export async function saveChallenge(tx: Tx, row: Omit<ChallengeRow, 'proof_hash'>): Promise<void> {
  const open = await tx.q
    .selectFrom('srp_challenges')
    .select('srp_id')
    .where('user_id', '=', row.user_id)
    .where('auth_key_id', '=', row.auth_key_id)
    .orderBy('created_date', 'desc')
    .offset(OPEN_CHALLENGES - 1)
    .execute();
  if (open.length > 0) {
    await tx.q
      .deleteFrom('srp_challenges')
      .where('user_id', '=', row.user_id)
      .where('srp_id', 'in', open.map((one) => one.srp_id))
      .execute();
  }
  await tx.q.insertInto('srp_challenges').values(row).execute();
}

/** Finds a challenge by its id if this key requested it. */
export async function findChallenge(
  tx: Tx,
  wanted: { userId: bigint; srpId: bigint; authKeyId: bigint },
): Promise<ChallengeRow | undefined> {
  const row = await tx.q
    .selectFrom('srp_challenges')
    .selectAll()
    .where('user_id', '=', wanted.userId)
    .where('srp_id', '=', wanted.srpId)
    .forUpdate()
    .executeTakeFirst();
  return row?.auth_key_id === wanted.authKeyId ? row : undefined;
}

/** Deletes a challenge, or if the proof was right, stores the hash of the request, so that the same request may be repeated. */
export async function spendChallenge(tx: Tx, row: ChallengeRow, proofHash: Uint8Array | undefined): Promise<void> {
  const { user_id, srp_id } = row;
  if (proofHash === undefined) {
    await tx.q.deleteFrom('srp_challenges').where('user_id', '=', user_id).where('srp_id', '=', srp_id).execute();
    return;
  }
  await tx.q.updateTable('srp_challenges').set({ proof_hash: proofHash }).where('user_id', '=', user_id).where('srp_id', '=', srp_id).execute();
}

/**
 * Finds how long the user must wait before trying another password.
 * @returns seconds; 0 if no wait is needed
 */
export async function findGuessWait(tx: Tx, userId: bigint, loggingIn: boolean, nowDate: number): Promise<number> {
  const row = await tx.q
    .selectFrom('password_guesses')
    .select(['guesses', 'since_date'])
    .where('user_id', '=', userId)
    .where('logging_in', '=', loggingIn)
    .executeTakeFirst();
  const { most, periodS } = useQuota('passwordGuesses');
  if (!row || row.guesses < most) return 0;
  return Math.max(0, row.since_date + periodS - nowDate);
}

/** Counts a wrong password, or with `right` deletes the count. The password's row must be locked. */
export async function countGuess(tx: Tx, { userId, loggingIn }: { userId: bigint; loggingIn: boolean }, right: boolean, nowDate: number): Promise<void> {
  const stale = tx.q
    .deleteFrom('password_guesses')
    .where('user_id', '=', userId)
    .where('logging_in', '=', loggingIn);
  await (right ? stale : stale.where('since_date', '<=', nowDate - QUOTAS.passwordGuesses.periodS)).execute();
  if (right) return;
  await tx.q
    .insertInto('password_guesses')
    .values({ user_id: userId, logging_in: loggingIn, guesses: 1, since_date: nowDate })
    .onConflict((oc) => oc.columns(['user_id', 'logging_in']).doUpdateSet((eb) => ({ guesses: eb('password_guesses.guesses', '+', 1) })))
    .execute();
}

/** Stores the hash of a temporary password token. */
export async function saveTmpPassword(
  tx: Tx,
  userId: bigint,
  proof: { token: Uint8Array; authKeyId: bigint; nowDate: number; expires_date: number },
): Promise<void> {
  const { token, authKeyId, nowDate, expires_date } = proof;
  await tx.q.deleteFrom('tmp_passwords').where('user_id', '=', userId).where('expires_date', '<=', nowDate).execute();
  await tx.q.insertInto('tmp_passwords').values({ user_id: userId, token_hash: sha256Of(token), auth_key_id: authKeyId, expires_date }).execute();
}

/** Deletes SRP challenges that were created before a date. */
export async function deleteOldChallenges(tx: Tx, beforeDate: number): Promise<void> {
  await tx.q.deleteFrom('srp_challenges').where('created_date', '<', beforeDate).execute();
}

/** Deletes a password or recovery address that waits for its code. */
export async function deleteUnconfirmedPassword(tx: Tx, userId: bigint): Promise<void> {
  await tx.q.deleteFrom('unconfirmed_passwords').where('user_id', '=', userId).execute();
}

/** The columns of `passwords` about the reset of a forgotten password. */
export type ResetChange = Pick<Updateable<Tables['passwords']>, 'reset_date' | 'reset_auth_key_id' | 'reset_declined_date'>;

/** Writes when a password will be reset, or that the reset was declined. */
export async function saveReset(tx: Tx, userId: bigint, change: ResetChange): Promise<void> {
  await tx.q.updateTable('passwords').set(change).where('user_id', '=', userId).execute();
}
