import type { Database, Tables, Tx } from '@aerogram/storage';
import type { Insertable, Selectable } from 'kysely';

/** How many log-ins one browser may have under way; a further one makes the oldest worthless. */
const ATTEMPTS_OF_BROWSER = 5;

/**
 * How many log-ins may be under way altogether, about. So many that strangers cannot put an end to those of others: with what one address may begin while a log-in
 * lasts, they would need more than a hundred of them.
 */
const ATTEMPTS_MAX = 200_000;

/** Counting them takes long, so one in so many log-ins does it. */
const COUNTED_EACH = 64;

/** How many browsers may show the codes of one user; a further one makes the oldest worthless. */
const SESSIONS_OF_USER = 10;

/** How many web tokens of one user are kept. */
const TOKENS_OF_USER = 10;

export type CompanyAttemptRow = Selectable<Tables['company_attempts']>;

/** Begins a log-in. The oldest ones end where there are too many, and so do those that were begun before a date. */
export async function insertAttempt(tx: Tx, row: Insertable<Tables['company_attempts']>, beforeDate: number): Promise<void> {
  await tx.q.deleteFrom('company_attempts').where('created_date', '<', beforeDate).execute();
  const oldest = (keep: number) => tx.q.selectFrom('company_attempts').select('state_hash').orderBy('created_date', 'desc').offset(keep - 1);
  await tx.q.deleteFrom('company_attempts').where('state_hash', 'in', oldest(ATTEMPTS_OF_BROWSER).where('browser_hash', '=', row.browser_hash)).execute();
  if (row.state_hash[0]! % COUNTED_EACH === 0) await tx.q.deleteFrom('company_attempts').where('state_hash', 'in', oldest(ATTEMPTS_MAX)).execute();
  await tx.q.insertInto('company_attempts').values(row).execute();
}

/** Ends a log-in, which can be done once, and by the browser that has begun it. @returns undefined if there is none */
export function takeAttempt(tx: Tx, { stateHash, browserHash }: { stateHash: Uint8Array; browserHash: Uint8Array }): Promise<CompanyAttemptRow | undefined> {
  return tx.q.deleteFrom('company_attempts').where('state_hash', '=', stateHash).where('browser_hash', '=', browserHash).returningAll().executeTakeFirst();
}

/** Lets a browser see the codes of a user. */
export async function insertSession(tx: Tx, row: Insertable<Tables['company_sessions']>, beforeDate: number): Promise<void> {
  await tx.q.deleteFrom('company_sessions').where('user_id', '=', row.user_id).where('created_date', '<', beforeDate).execute();
  const oldest = tx.q.selectFrom('company_sessions').select('session_hash').where('user_id', '=', row.user_id).orderBy('created_date', 'desc').offset(SESSIONS_OF_USER - 1);
  await tx.q.deleteFrom('company_sessions').where('session_hash', 'in', oldest).execute();
  await tx.q.insertInto('company_sessions').values(row).execute();
}

/** Finds whose codes a browser may see, since a date. */
export async function findSession({ q }: Pick<Database, 'q'>, sessionHash: Uint8Array, sinceDate: number): Promise<bigint | undefined> {
  const row = await q.selectFrom('company_sessions').select('user_id').where('session_hash', '=', sessionHash).where('created_date', '>=', sinceDate).executeTakeFirst();
  return row?.user_id;
}

/** A browser may see no codes any more. */
export async function deleteSession(tx: Tx, sessionHash: Uint8Array): Promise<void> {
  await tx.q.deleteFrom('company_sessions').where('session_hash', '=', sessionHash).execute();
}

/** No browser may see the codes of a user any more, and no web token logs anybody in. */
export async function deleteSessionsOf(tx: Tx, userId: bigint): Promise<void> {
  await tx.q.deleteFrom('company_sessions').where('user_id', '=', userId).execute();
  await tx.q.deleteFrom('company_web_tokens').where('user_id', '=', userId).execute();
}

/** Keeps a web token. */
export async function insertWebToken(tx: Tx, row: Insertable<Tables['company_web_tokens']>): Promise<void> {
  const oldest = tx.q.selectFrom('company_web_tokens').select('token_hash').where('user_id', '=', row.user_id).orderBy('created_date', 'desc').offset(TOKENS_OF_USER - 1);
  await tx.q.deleteFrom('company_web_tokens').where('token_hash', 'in', oldest).execute();
  await tx.q.insertInto('company_web_tokens').values(row).execute();
}

/** Finds a web token, and locks it until the transaction ends. */
export function lockWebToken(tx: Tx, tokenHash: Uint8Array, sinceDate: number): Promise<Selectable<Tables['company_web_tokens']> | undefined> {
  return tx.q.selectFrom('company_web_tokens').selectAll().where('token_hash', '=', tokenHash).where('created_date', '>=', sinceDate).forUpdate().executeTakeFirst();
}

/** Records which key has logged in with a web token. */
export async function spendWebToken(tx: Tx, tokenHash: Uint8Array, authKeyId: bigint): Promise<void> {
  await tx.q.updateTable('company_web_tokens').set({ auth_key_id: authKeyId }).where('token_hash', '=', tokenHash).execute();
}

/** Deletes what browsers may not use any more. */
export async function deleteOldCompanyRows(tx: Tx, dates: { attempts: number; sessions: number; tokens: number }): Promise<void> {
  await tx.q.deleteFrom('company_attempts').where('created_date', '<', dates.attempts).execute();
  await tx.q.deleteFrom('company_sessions').where('created_date', '<', dates.sessions).execute();
  await tx.q.deleteFrom('company_web_tokens').where('created_date', '<', dates.tokens).execute();
}
