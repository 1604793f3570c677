import type { Database, Tables, Tx } from '@aerogram/storage';
import type { Selectable } from 'kysely';

export type PasskeyRow = Selectable<Tables['passkeys']>;
type ChallengeRow = Selectable<Tables['passkey_challenges']>;

/** Seconds for which a challenge is valid. */
const CHALLENGE_S = 600;

/** Lists the passkeys of a user, oldest first. */
export async function findPasskeys(q: Database['q'] | Tx['q'], userId: bigint): Promise<PasskeyRow[]> {
  return q.selectFrom('passkeys').selectAll().where('user_id', '=', userId).orderBy('created_date').orderBy('credential_id').execute();
}

/** Stores a challenge that an authenticator is to sign. */
export async function savePasskeyChallenge(tx: Tx, row: ChallengeRow): Promise<void> {
  await tx.q.deleteFrom('passkey_challenges').where('created_date', '<', row.created_date - CHALLENGE_S).execute();
  await tx.q.insertInto('passkey_challenges').values(row).execute();
}

/** Deletes and returns a challenge, because each challenge may be answered only once, rightly or wrongly. */
export async function takePasskeyChallenge(tx: Tx, challenge: string, nowDate: number): Promise<ChallengeRow | undefined> {
  const row = await tx.q.deleteFrom('passkey_challenges').where('challenge', '=', challenge).returningAll().executeTakeFirst();
  return row && row.created_date > nowDate - CHALLENGE_S ? row : undefined;
}
