import type { Database, Tables, Tx } from '@aerogram/storage';
import { equalBytes } from '@aerogram/crypto';
import { type RpcError, rpcError } from '@aerogram/errors';
import type { Selectable } from 'kysely';

import { QUOTAS, useQuota } from '../shared/index.ts';

export type EmailCodeRow = Selectable<Tables['email_codes']>;

/** What an e-mail code is for. Codes for different purposes are independent. */
export type EmailPurpose = 'confirm_password_email' | 'recovery' | 'login_change' | 'login_setup';

/** Identifies a code and the state in which it is valid. */
export interface EmailCodeScope {
  /** A user id, or `+` and the phone number that is logging in. */
  owner: string;
  purpose: EmailPurpose;
  /** The permanent key that requested the code. Guesses from other keys never match it. */
  authKeyId: bigint;
  /** The state that the code depends on, as text. The code counts as expired once the state has changed. */
  boundTo: string;
}

export const EMAIL_CODE_LENGTH = 6;
const LIFE_S = 3600;
/** Codes and guesses of all keys are counted over one period, so that requesting a new code gives no additional guesses. */
const PERIOD_S = QUOTAS.emailCodeGuesses.periodS;
/** The same request within this many seconds counts as a repeat and gets the same code. */
const REPEAT_S = 15;

/**
 * Creates a code for an e-mail address.
 * @returns the row, whose code has to be sent unless it is marked as delivered; or the error to answer, 420 FLOOD_WAIT
 */
export async function issueEmailCode(
  tx: Tx,
  scope: EmailCodeScope,
  wanted: { email: string; code: string; nowDate: number },
): Promise<EmailCodeRow | RpcError> {
  const { email, code, nowDate } = wanted;
  const rows = await lockRows(tx, scope);
  const before = rows.find((row) => row.auth_key_id === scope.authKeyId);
  const counted = countWithin(rows, nowDate);
  const isRepeat = before?.email === email && before.bound_to === scope.boundTo && before.sent_date > nowDate - REPEAT_S && before.expires_date > nowDate;
  if (isRepeat && before.delivered) return before;
  if (counted.sent >= useQuota('emailCodes').most || counted.guesses >= useQuota('emailCodeGuesses').most) return rpcError('FLOOD_WAIT_%d', counted.waitS);
  const within = before && before.since_date > nowDate - PERIOD_S ? before : undefined;
  const row: EmailCodeRow = {
    owner: scope.owner,
    purpose: scope.purpose,
    auth_key_id: scope.authKeyId,
    bound_to: scope.boundTo,
    email,
    // The mail of an attempt that seemed to fail may have arrived, so its code is kept.
    code: isRepeat ? before.code : code,
    guesses: within?.guesses ?? 0,
    sent: (within?.sent ?? 0) + 1,
    since_date: within?.since_date ?? nowDate,
    sent_date: nowDate,
    expires_date: nowDate + LIFE_S,
    delivered: false,
  };
  await tx.q
    .insertInto('email_codes')
    .values(row)
    .onConflict((oc) => oc.columns(['owner', 'purpose', 'auth_key_id']).doUpdateSet(row))
    .execute();
  return row;
}

/** Whether the mail server has accepted a code by now. */
export async function isEmailCodeDelivered(db: Pick<Database, 'q'>, { owner, purpose, auth_key_id: authKeyId, code }: EmailCodeRow): Promise<boolean> {
  const row = await db.q
    .selectFrom('email_codes')
    .select('delivered')
    .where('owner', '=', owner)
    .where('purpose', '=', purpose)
    .where('auth_key_id', '=', authKeyId)
    .where('code', '=', code)
    .executeTakeFirst();
  return row?.delivered === true;
}

/** Records that the mail server accepted a code, unless a newer code has replaced it. */
export async function markEmailCodeDelivered(tx: Tx, row: EmailCodeRow): Promise<void> {
  await tx.q
    .updateTable('email_codes')
    .set({ delivered: true })
    .where('owner', '=', row.owner)
    .where('purpose', '=', row.purpose)
    .where('auth_key_id', '=', row.auth_key_id)
    .where('code', '=', row.code)
    .execute();
}

/**
 * Checks a guess and counts it if it is wrong; the caller must commit even if it then answers an error. A right code stays valid.
 * @returns the row of the right code, 'wrong', 'expired', or the seconds to wait
 */
export async function guessEmailCode(
  tx: Tx,
  scope: EmailCodeScope,
  guess: { code: string; nowDate: number },
): Promise<EmailCodeRow | 'wrong' | 'expired' | number> {
  const rows = await lockRows(tx, scope);
  const { guesses, waitS } = countWithin(rows, guess.nowDate);
  if (guesses >= useQuota('emailCodeGuesses').most) return waitS;
  const row = rows.find((one) => one.auth_key_id === scope.authKeyId);
  if (!row || row.expires_date <= guess.nowDate || row.bound_to !== scope.boundTo) return 'expired';
  if (equalBytes(Buffer.from(row.code), Buffer.from(guess.code))) return row;
  await tx.q
    .updateTable('email_codes')
    .set({ guesses: row.guesses + 1 })
    .where('owner', '=', row.owner)
    .where('purpose', '=', row.purpose)
    .where('auth_key_id', '=', row.auth_key_id)
    .execute();
  return 'wrong';
}

/**
 * Invalidates the codes of an owner; the counts for them stay.
 * @param which `purposes` and `authKeyIds` select codes; undefined for all
 */
export async function spendEmailCodes(
  tx: Tx,
  owner: string,
  which: { purposes?: readonly EmailPurpose[]; authKeyIds?: readonly bigint[] } = {},
): Promise<void> {
  const { purposes, authKeyIds } = which;
  await tx.q
    .updateTable('email_codes')
    .set({ expires_date: 0 })
    .where('owner', '=', owner)
    .$if(purposes !== undefined, (query) => query.where('purpose', 'in', purposes ?? []))
    .$if(authKeyIds !== undefined, (query) => query.where('auth_key_id', 'in', authKeyIds ?? []))
    .execute();
}

/** Deletes codes whose counting period is over. */
export async function deleteOldEmailCodes(tx: Tx, nowDate: number): Promise<void> {
  await tx.q.deleteFrom('email_codes').where('sent_date', '<', nowDate - PERIOD_S).execute();
}

/** Locks and returns the codes of an owner for one purpose, whichever key requested them, because guesses are counted over all of them. */
function lockRows(tx: Tx, { owner, purpose }: EmailCodeScope): Promise<EmailCodeRow[]> {
  return tx.q.selectFrom('email_codes').selectAll().where('owner', '=', owner).where('purpose', '=', purpose).orderBy('auth_key_id').forUpdate().execute();
}

/** The codes sent and wrong guesses within the period, and the seconds until the period ends. */
function countWithin(rows: readonly EmailCodeRow[], nowDate: number): { sent: number; guesses: number; waitS: number } {
  const within = rows.filter((row) => row.since_date > nowDate - PERIOD_S);
  return {
    sent: within.reduce((sum, row) => sum + row.sent, 0),
    guesses: within.reduce((sum, row) => sum + row.guesses, 0),
    waitS: Math.max(1, Math.min(nowDate, ...within.map((row) => row.since_date)) + PERIOD_S - nowDate),
  };
}
