import { equalBytes } from '@aerogram/crypto';
import type { Tables, Tx } from '@aerogram/storage';
import type { Selectable } from 'kysely';

import { QUOTAS, useQuota } from '../shared/index.ts';

export type LoginCodeRow = Selectable<Tables['login_codes']>;
export type CodePurpose = LoginCodeRow['purpose'];

/** Codes are remembered for this long, so that guesses over many codes are counted together. */
const KEPT_S = QUOTAS.codeGuesses.periodS;
/** The same key asking again so soon gets the same code: its first answer may have been lost. */
const REUSE_S = 30;

/** Whether a code has to be sent: it was delivered before, it is to be sent now, or it failed so often that it is not tried again. */
export type Departure = 'delivered' | 'due' | 'failed';

/** `fresh`: it was made now. `guessed`: so many guesses at the number's codes were wrong today that no more are made. */
export type IssueOutcome =
  | { kind: 'issued'; row: LoginCodeRow; fresh: boolean; departure: Departure }
  | { kind: 'too_many'; waitS: number }
  | { kind: 'guessed' };

/**
 * Makes a log-in code for a number, or gives the one made a moment ago for the same key.
 * @param limited false for test numbers, whose code everybody knows
 */
export async function issueCode(
  tx: Tx,
  wanted: {
    phone: string;
    authKeyId: bigint;
    code: string;
    codeHash: string;
    nowDate: number;
    lifeS: number;
    limited: boolean;
    purpose: CodePurpose;
    way: LoginCodeRow['way'];
    askedBy: bigint | null;
    boundTo: string;
  },
): Promise<IssueOutcome> {
  const { phone, authKeyId, code, codeHash, nowDate } = wanted;
  // Of two calls by one key at once the second finds the code of the first.
  await tx.q.selectFrom('auth_keys').select('auth_key_id').where('auth_key_id', '=', authKeyId).forUpdate().executeTakeFirst();
  await tx.q.deleteFrom('login_codes').where('phone', '=', phone).where('created_date', '<', nowDate - KEPT_S).execute();
  const rows = await tx.q.selectFrom('login_codes').selectAll().where('phone', '=', phone).orderBy('created_date').execute();
  const recent = rows.findLast(
    (row) =>
      row.auth_key_id === authKeyId &&
      row.purpose === wanted.purpose &&
      row.way === wanted.way &&
      row.asked_by === wanted.askedBy &&
      row.bound_to === wanted.boundTo &&
      row.created_date > nowDate - REUSE_S &&
      isOpen(row, nowDate) &&
      row.attempts === 0,
  );
  if (recent) return { kind: 'issued', row: recent, fresh: false, departure: await departAgain(tx, recent) };
  if (wanted.limited) {
    if (guessesOf(rows, nowDate) >= useQuota('codeGuesses').most) return { kind: 'guessed' };
    const { most, periodS } = useQuota('codesOfNumber');
    const recentRows = rows.filter((row) => row.created_date > nowDate - periodS);
    const [oldest] = recentRows;
    if (oldest && recentRows.length >= most) return { kind: 'too_many', waitS: oldest.created_date + periodS - nowDate };
  }
  const row: LoginCodeRow = {
    phone,
    code_hash: codeHash,
    auth_key_id: authKeyId,
    code,
    attempts: 0,
    created_date: nowDate,
    expires_date: nowDate + wanted.lifeS,
    accepted_date: null,
    user_id: null,
    cancelled: false,
    purpose: wanted.purpose,
    way: wanted.way,
    setup_email: null,
    sent: 1,
    delivered: false,
    asked_by: wanted.askedBy,
    bound_to: wanted.boundTo,
  };
  await tx.q.insertInto('login_codes').values(row).execute();
  return { kind: 'issued', row, fresh: true, departure: 'due' };
}

/**
 * Whether a repeated call sends a code again: only one that did not reach its delivery service before, and that a few times at
 * most, or repeated calls would fill the phone of whoever has the number.
 */
export async function departAgain(tx: Tx, row: LoginCodeRow): Promise<Departure> {
  if (row.delivered) return 'delivered';
  if (row.sent >= useQuota('deliveriesOfCode').most) return 'failed';
  await updateCode(tx, row, { sent: row.sent + 1 });
  return 'due';
}

/** A code that was not cancelled, used up, accepted or forgotten. */
function isOpen(row: LoginCodeRow, nowDate: number): boolean {
  return !row.cancelled && row.accepted_date === null && row.expires_date > nowDate && row.attempts < QUOTAS.guessesOfCode.most;
}

/** A code with what was guessed wrong at all codes of its number in a day. */
export interface FoundCode extends LoginCodeRow {
  guessesOfNumber: number;
}

/** A code of this key by its hash; all codes of the number are locked for the rest of the transaction, so that guesses are counted together. */
export async function findCode(tx: Tx, phone: string, codeHash: string, authKeyId: bigint, nowDate: number): Promise<FoundCode | undefined> {
  const rows = await tx.q.selectFrom('login_codes').selectAll().where('phone', '=', phone).orderBy('code_hash').forUpdate().execute();
  const given = Buffer.from(codeHash);
  const row = rows.find((one) => one.auth_key_id === authKeyId && equalBytes(Buffer.from(one.code_hash), given));
  return row && { ...row, guessesOfNumber: guessesOf(rows, nowDate) };
}

/** Wrong guesses of the last day. */
function guessesOf(rows: readonly LoginCodeRow[], nowDate: number): number {
  return rows.reduce((sum, row) => sum + (row.created_date < nowDate - KEPT_S ? 0 : row.attempts), 0);
}

export type GuessOutcome = 'right' | 'wrong' | 'expired';

/**
 * Compares a guess and counts it when it is wrong. The count must be committed also when the caller then refuses.
 * A code that was accepted before stays right for the same key until it expires: sign-in may be repeated.
 */
export async function guessCode(tx: Tx, row: FoundCode, guess: string, nowDate: number): Promise<GuessOutcome> {
  if (row.cancelled || row.expires_date <= nowDate || row.attempts >= useQuota('guessesOfCode').most) return 'expired';
  // However many codes were asked for before the first guess.
  if (row.guessesOfNumber >= useQuota('codeGuesses').most) return 'expired';
  if (equalBytes(Buffer.from(row.code), Buffer.from(guess))) return 'right';
  await updateCode(tx, row, { attempts: row.attempts + 1 });
  return 'wrong';
}

/** Writes what became of a code. */
export async function updateCode(
  tx: Tx,
  row: LoginCodeRow,
  change: Partial<Pick<LoginCodeRow, 'attempts' | 'accepted_date' | 'user_id' | 'cancelled' | 'expires_date' | 'way' | 'setup_email' | 'sent' | 'delivered' | 'bound_to'>>,
): Promise<void> {
  await tx.q
    .updateTable('login_codes')
    .set(change)
    .where('phone', '=', row.phone)
    .where('code_hash', '=', row.code_hash)
    .execute();
}
