import type { Database, Tables, Tx } from '@aerogram/storage';
import type { Selectable } from 'kysely';

export type PasskeyRow = Selectable<Tables['passkeys']>;
type ChallengeRow = Selectable<Tables['passkey_challenges']>;

/** A challenge may be signed for this long. */
const CHALLENGE_S = 600;

/** The passkeys of a user, the oldest first. */
export async function findPasskeys(q: Database['q'] | Tx['q'], userId: bigint): Promise<PasskeyRow[]> {
  return q.selectFrom('passkeys').selectAll().where('user_id', '=', userId).orderBy('created_date').orderBy('credential_id').execute();
}

/** Keeps what an authenticator is asked to sign. */
export async function savePasskeyChallenge(tx: Tx, row: ChallengeRow): Promise<void> {
  await tx.q.deleteFrom('passkey_challenges').where('created_date', '<', row.created_date - CHALLENGE_S).execute();
  await tx.q.insertInto('passkey_challenges').values(row).execute();
}

/** Takes a challenge: it is good for one answer, right or wrong. */
export async function takePasskeyChallenge(tx: Tx, challenge: string, nowDate: number): Promise<ChallengeRow | undefined> {
  const row = await tx.q.deleteFrom('passkey_challenges').where('challenge', '=', challenge).returningAll().executeTakeFirst();
  return row && row.created_date > nowDate - CHALLENGE_S ? row : undefined;
}
