import type { Tables, Tx } from '@aerogram/storage';
import { equalBytes } from '@aerogram/crypto';
import { type RpcError, rpcError } from '@aerogram/errors';
import type { Selectable } from 'kysely';

import { QUOTAS, useQuota } from '../shared/index.ts';

export type EmailCodeRow = Selectable<Tables['email_codes']>;

/** What a code by e-mail is for; each has its own. */
export type EmailPurpose = 'confirm_password_email' | 'recovery' | 'login_change' | 'login_setup';

/** Which code is meant, and the state in which it is worth something. */
export interface EmailCodeScope {
  /** A user id, or `+` and the number that logs in. */
  owner: string;
  purpose: EmailPurpose;
  /** The permanent key that asks for the code. Nobody else's guess opens it. */
  authKeyId: bigint;
  /** The state that the code depends on, as text. A code that was made in another state has expired. */
  boundTo: string;
}

export const EMAIL_CODE_LENGTH = 6;
const LIFE_S = 3600;
/** Codes and guesses of all keys are counted over one period, so that asking for a new code buys no more guesses. */
const PERIOD_S = QUOTAS.emailCodeGuesses.periodS;
/** The same request again so soon is a repeat: it gets the code that was made for the first. */
const REPEAT_S = 15;

/**
 * Makes a code for an address.
 * @returns the row, whose code has to be sent unless it is marked as delivered; or what to refuse with: 420 FLOOD_WAIT
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
    // The mail of an attempt that failed halfway may have arrived all the same.
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

/** Notes that the mail server has taken a code, unless another one was made meanwhile. */
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
 * Compares a guess and counts it when it is wrong; committed also when the caller then refuses. A right one stays good.
 * @returns the row of the right code, 'wrong', 'expired', or seconds to wait
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
 * Ends the codes of an owner; what was counted for them stays.
 * @param which `purposes` and `authKeyIds` narrow it; undefined for all
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

/** Forgets codes whose counts are past. */
export async function deleteOldEmailCodes(tx: Tx, nowDate: number): Promise<void> {
  await tx.q.deleteFrom('email_codes').where('sent_date', '<', nowDate - PERIOD_S).execute();
}

/** The codes of an owner for one purpose, whichever key asked for them, locked: guesses are counted over all of them. */
function lockRows(tx: Tx, { owner, purpose }: EmailCodeScope): Promise<EmailCodeRow[]> {
  return tx.q.selectFrom('email_codes').selectAll().where('owner', '=', owner).where('purpose', '=', purpose).orderBy('auth_key_id').forUpdate().execute();
}

/** What was sent and guessed within the period, and how long the period still lasts, in seconds. */
function countWithin(rows: readonly EmailCodeRow[], nowDate: number): { sent: number; guesses: number; waitS: number } {
  const within = rows.filter((row) => row.since_date > nowDate - PERIOD_S);
  return {
    sent: within.reduce((sum, row) => sum + row.sent, 0),
    guesses: within.reduce((sum, row) => sum + row.guesses, 0),
    waitS: Math.max(1, Math.min(nowDate, ...within.map((row) => row.since_date)) + PERIOD_S - nowDate),
  };
}
