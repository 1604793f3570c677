import type { Tables, Tx } from '@aerogram/storage';
import { type RpcError, rpcError } from '@aerogram/errors';
import type { Selectable } from 'kysely';
import { timingSafeEqual } from 'node:crypto';

export type EmailCodeRow = Selectable<Tables['email_codes']>;

/** What a code by e-mail is for; each has its own. */
export type EmailPurpose = 'confirm_password_email' | 'recovery' | 'login_change' | 'login_setup';

export const EMAIL_CODE_LENGTH = 6;
const LIFE_S = 3600;
/** Codes and guesses are counted over a day, so that asking for a new code buys no more guesses. */
const WINDOW_S = 24 * 3600;
const SENT_PER_WINDOW = 10;
const GUESSES_PER_WINDOW = 15;
/** The same request again so soon is a repeat: the code that is on its way stands. */
const REPEAT_S = 15;

/**
 * Makes a code for an address.
 * @param owner a user id, or `+` and the number that logs in
 * @returns the row, with `fresh` when the code has to be sent; or what to refuse with: 420 FLOOD_WAIT
 */
export async function issueEmailCode(
  tx: Tx,
  wanted: { owner: string; purpose: EmailPurpose; email: string; code: string; nowDate: number },
): Promise<{ row: EmailCodeRow; fresh: boolean } | RpcError> {
  const { owner, purpose, email, code, nowDate } = wanted;
  const before = await findRow(tx, owner, purpose);
  if (before && before.email === email && before.sent_date > nowDate - REPEAT_S && before.expires_date > nowDate) return { row: before, fresh: false };
  const within = before && before.since_date > nowDate - WINDOW_S ? before : undefined;
  if (within && (within.sent >= SENT_PER_WINDOW || within.guesses >= GUESSES_PER_WINDOW)) {
    return rpcError('FLOOD_WAIT_%d', within.since_date + WINDOW_S - nowDate);
  }
  const row: EmailCodeRow = {
    owner,
    purpose,
    email,
    code,
    guesses: within?.guesses ?? 0,
    sent: (within?.sent ?? 0) + 1,
    since_date: within?.since_date ?? nowDate,
    sent_date: nowDate,
    expires_date: nowDate + LIFE_S,
  };
  await tx.q
    .insertInto('email_codes')
    .values(row)
    .onConflict((oc) => oc.columns(['owner', 'purpose']).doUpdateSet(row))
    .execute();
  return { row, fresh: true };
}

/** The code that is on its way, if any; locked. */
export async function findEmailCode(tx: Tx, owner: string, purpose: EmailPurpose, nowDate: number): Promise<EmailCodeRow | undefined> {
  const row = await findRow(tx, owner, purpose);
  return row && row.expires_date > nowDate ? row : undefined;
}

/**
 * Compares a guess and counts it when it is wrong; committed also when the caller then refuses. A right one stays good.
 * @returns the row of the right code, 'wrong', 'expired', or seconds to wait
 */
export async function guessEmailCode(
  tx: Tx,
  guess: { owner: string; purpose: EmailPurpose; code: string; nowDate: number },
): Promise<EmailCodeRow | 'wrong' | 'expired' | number> {
  const row = await findEmailCode(tx, guess.owner, guess.purpose, guess.nowDate);
  if (!row) return 'expired';
  if (row.guesses >= GUESSES_PER_WINDOW) return Math.max(1, row.since_date + WINDOW_S - guess.nowDate);
  const right = Buffer.from(row.code);
  const given = Buffer.from(guess.code);
  if (given.length === right.length && timingSafeEqual(given, right)) return row;
  await tx.q
    .updateTable('email_codes')
    .set({ guesses: row.guesses + 1 })
    .where('owner', '=', row.owner)
    .where('purpose', '=', row.purpose)
    .execute();
  return 'wrong';
}

/** Ends a code; what was counted for it stays. */
export async function spendEmailCode(tx: Tx, owner: string, purpose: EmailPurpose): Promise<void> {
  await tx.q.updateTable('email_codes').set({ expires_date: 0 }).where('owner', '=', owner).where('purpose', '=', purpose).execute();
}

/** Forgets codes whose counts are past. */
export async function deleteOldEmailCodes(tx: Tx, nowDate: number): Promise<void> {
  await tx.q.deleteFrom('email_codes').where('sent_date', '<', nowDate - WINDOW_S).execute();
}

function findRow(tx: Tx, owner: string, purpose: EmailPurpose): Promise<EmailCodeRow | undefined> {
  return tx.q
    .selectFrom('email_codes')
    .selectAll()
    .where('owner', '=', owner)
    .where('purpose', '=', purpose)
    .forUpdate()
    .executeTakeFirst();
}
