import type { Database, Tables, Tx } from '@aerogram/storage';
import type { Selectable } from 'kysely';

export type PasskeyRow = Selectable<Tables['passkeys']>;
type ChallengeRow = Selectable<Tables['passkey_challenges']>;

/** Seconds for which a challenge is valid. */
export const CHALLENGE_S = 600;

/** Lists the passkeys of a user, oldest first. */
export async function findPasskeys(q: Database['q'] | Tx['q'], userId: bigint): Promise<PasskeyRow[]> {
  return q.selectFrom('passkeys').selectAll().where('user_id', '=', userId).orderBy('created_date').orderBy('credential_id').execute();
}

/**
 * Stores a challenge that an authenticator is to sign, and deletes those that were made before a date.
 * @returns false if there is such a challenge
 */
export async function savePasskeyChallenge(tx: Tx, row: ChallengeRow, beforeDate: number): Promise<boolean> {
  await tx.q.deleteFrom('passkey_challenges').where('created_date', '<', beforeDate).execute();
  const { numInsertedOrUpdatedRows = 0n } = await tx.q.insertInto('passkey_challenges').values(row).onConflict((oc) => oc.doNothing()).executeTakeFirst();
  return numInsertedOrUpdatedRows > 0n;
}

/** Deletes and returns a challenge, because each challenge may be answered only once, rightly or wrongly. */
export async function takePasskeyChallenge(tx: Tx, challenge: string, nowDate: number): Promise<ChallengeRow | undefined> {
  const row = await tx.q.deleteFrom('passkey_challenges').where('challenge', '=', challenge).returningAll().executeTakeFirst();
  return row && row.created_date > nowDate - CHALLENGE_S ? row : undefined;
}

/** Stores a passkey, unless it is stored. */
export async function insertPasskey(tx: Tx, row: PasskeyRow): Promise<void> {
  await tx.q.insertInto('passkeys').values(row).onConflict((oc) => oc.columns(['user_id', 'credential_id']).doNothing()).execute();
}

/** Deletes a passkey. */
export async function deletePasskey(tx: Tx, userId: bigint, credentialId: string): Promise<void> {
  await tx.q.deleteFrom('passkeys').where('user_id', '=', userId).where('credential_id', '=', credentialId).execute();
}

/** Writes the counter and the date of a log-in with a passkey. @returns false if the passkey has been deleted meanwhile */
export async function savePasskeyUse(
  tx: Tx,
  { user_id: userId, credential_id: credentialId }: PasskeyRow,
  use: Pick<PasskeyRow, 'counter' | 'last_usage_date'>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx.q.updateTable('passkeys').set(use).where('user_id', '=', userId).where('credential_id', '=', credentialId).executeTakeFirst();
  return numUpdatedRows > 0n;
}
