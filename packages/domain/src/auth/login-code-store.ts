import { equalBytes } from '@aerogram/crypto';
import type { Database, Tables, Tx } from '@aerogram/storage';
import type { Selectable } from 'kysely';

import { QUOTAS, useQuota } from '../shared/index.ts';

export type LoginCodeRow = Selectable<Tables['login_codes']>;
export type CodePurpose = LoginCodeRow['purpose'];

/** Seconds for which codes are kept, so that wrong guesses at several codes are counted together. */
const KEPT_S = QUOTAS.codeGuesses.periodS;
/** If the same key requests a code again within this many seconds, it gets the same code, because the first answer may have been lost. */
const REUSE_S = 30;

/** Whether a code has to be sent: `delivered` before, `due` now, or `failed` too often to be tried again. */
export type Departure = 'delivered' | 'due' | 'failed';

/** `fresh`: the code is new. `guessed`: no more codes are issued, because of too many wrong guesses at the number's codes within a day. */
export type IssueOutcome =
  | { kind: 'issued'; row: LoginCodeRow; fresh: boolean; departure: Departure }
  | { kind: 'too_many'; waitS: number }
  | { kind: 'guessed' };

/**
 * Creates a code for a phone number, or returns the one just created for the same key.
 * @param wanted `limited` is false for test numbers, whose codes are public; `isCounted`: the caller counts the codes of the number
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
    isCounted: boolean;
    purpose: CodePurpose;
    way: LoginCodeRow['way'];
    askedBy: bigint | null;
    boundTo: string;
  },
): Promise<IssueOutcome> {
  const { phone, authKeyId, code, codeHash, nowDate } = wanted;
  // Lock the key, so that the second of two concurrent calls finds the code of the first.
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
    if (oldest && recentRows.length >= most && !wanted.isCounted) return { kind: 'too_many', waitS: oldest.created_date + periodS - nowDate };
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
 * Whether a repeated call sends a code again. Only codes that did not reach the delivery service are sent again, and only a few times, so
 * that nobody can flood the phone of the number's owner.
 */
export async function departAgain(tx: Tx, row: LoginCodeRow): Promise<Departure> {
  if (row.delivered) return 'delivered';
  if (row.sent >= useQuota('deliveriesOfCode').most) return 'failed';
  await updateCode(tx, row, { sent: row.sent + 1 });
  return 'due';
}

/** Whether a code can still be used: not cancelled, accepted or expired, and guesses left. */
function isOpen(row: LoginCodeRow, nowDate: number): boolean {
  return !row.cancelled && row.accepted_date === null && row.expires_date > nowDate && row.attempts < QUOTAS.guessesOfCode.most;
}

/** A code, with the number of wrong guesses at all codes of its phone number within a day. */
export interface FoundCode extends LoginCodeRow {
  guessesOfNumber: number;
}

/**
 * Finds a code of this key by its hash. All codes of the phone number are locked until the transaction ends, so that guesses are counted
 * together.
 */
export async function findCode(
  tx: Tx,
  { phone, codeHash, authKeyId }: { phone: string; codeHash: string; authKeyId: bigint },
  nowDate: number,
): Promise<FoundCode | undefined> {
  const rows = await tx.q.selectFrom('login_codes').selectAll().where('phone', '=', phone).orderBy('code_hash').forUpdate().execute();
  const given = Buffer.from(codeHash);
  const row = rows.find((one) => one.auth_key_id === authKeyId && equalBytes(Buffer.from(one.code_hash), given));
  return row && { ...row, guessesOfNumber: guessesOf(rows, nowDate) };
}

/** Number of wrong guesses within the last day. */
function guessesOf(rows: readonly LoginCodeRow[], nowDate: number): number {
  return rows.reduce((sum, row) => sum + (row.created_date < nowDate - KEPT_S ? 0 : row.attempts), 0);
}

export type GuessOutcome = 'right' | 'wrong' | 'expired';

/**
 * Checks a guess and counts it if it is wrong; the count must be committed even if the caller then answers an error. An accepted code stays
 * right for the same key until it expires, because sign-in may be repeated.
 */
export async function guessCode(tx: Tx, row: FoundCode, guess: string, nowDate: number): Promise<GuessOutcome> {
  if (row.cancelled || row.expires_date <= nowDate || row.attempts >= useQuota('guessesOfCode').most) return 'expired';
  // The daily limit applies even if many codes were requested before the first guess.
  if (row.guessesOfNumber >= useQuota('codeGuesses').most) return 'expired';
  if (equalBytes(Buffer.from(row.code), Buffer.from(guess))) return 'right';
  await updateCode(tx, row, { attempts: row.attempts + 1 });
  return 'wrong';
}

/** Whether a code has been delivered in a way by now. */
export async function isDelivered(db: Pick<Database, 'q'>, { phone, code_hash: codeHash }: LoginCodeRow, way: LoginCodeRow['way']): Promise<boolean> {
  const row = await db.q
    .selectFrom('login_codes')
    .select(['way', 'delivered'])
    .where('phone', '=', phone)
    .where('code_hash', '=', codeHash)
    .executeTakeFirst();
  return row?.way === way && row.delivered;
}

/** Updates the row of a code. */
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

/** Deletes codes that were created before a date. */
export async function deleteOldCodes(tx: Tx, beforeDate: number): Promise<void> {
  await tx.q.deleteFrom('login_codes').where('created_date', '<', beforeDate).execute();
}

/** Cancels the log-in codes for a phone number that have not been used, if they are among these. */
export async function cancelListedCodes(tx: Tx, phone: string, codes: readonly string[]): Promise<void> {
  await tx.q
    .updateTable('login_codes')
    .set({ cancelled: true })
    .where('phone', '=', phone)
    .where('purpose', '=', 'login')
    .where('accepted_date', 'is', null)
    .where('code', 'in', codes)
    .execute();
}
