import { type Database, defineStatement, type Tx } from '@aerogram/storage';

/** The names that a card claims. */
export interface Claims {
  person_id: bigint;
  claimed_phone: string | null;
  claimed_username: string | null;
}

/** A card of which something is shown that was not before. */
export interface RenamedCard {
  person_id: bigint;
  first_name: string;
  last_name: string;
  username: string | null;
}

const selectUnasked = defineStatement<Claims>('read_unasked_claims', 'SELECT person_id, claimed_phone, claimed_username FROM cards WHERE is_unasked ORDER BY person_id LIMIT $1::integer');

/** Lists cards with names of which nobody has said whose they are. */
export async function listUnasked(db: Pick<Database, 'run'>, most: number): Promise<Claims[]> {
  return (await db.run(selectUnasked, [most])).rows;
}

// Locks in the order in which everybody locks several cards. Leaves out cards that have other names by now: those are asked about by themselves.
const lockUnasked = defineStatement<{ person_id: bigint }>(
  'lock_unasked_claims',
  `SELECT c.person_id FROM cards c JOIN unnest($1::bigint[], $2::text[], $3::text[]) AS asked (person_id, phone, username) USING (person_id)
    WHERE c.is_unasked AND c.claimed_phone IS NOT DISTINCT FROM asked.phone AND c.claimed_username IS NOT DISTINCT FROM asked.username
    ORDER BY c.person_id FOR NO KEY UPDATE OF c`,
);

const updateAsked = defineStatement<RenamedCard>(
  'save_answered_claims',
  `UPDATE cards SET is_unasked = false, phone = CASE WHEN person_id = ANY ($2::bigint[]) THEN claimed_phone END, username = CASE WHEN person_id = ANY ($3::bigint[]) THEN claimed_username END
    WHERE person_id = ANY ($1::bigint[]) RETURNING person_id, first_name, last_name, username`,
);

/**
 * Stores which of the claimed names are the people's.
 * @param claims those for which the data centre that gives names was asked
 * @param owns who has the claimed number, and who the username
 * @returns those cards that still claimed these names
 */
export async function saveAnswered(tx: Tx, claims: readonly Claims[], owns: { phone: readonly bigint[]; username: readonly bigint[] }): Promise<RenamedCard[]> {
  const { rows } = await tx.run(lockUnasked, [claims.map((of) => of.person_id), claims.map((of) => of.claimed_phone), claims.map((of) => of.claimed_username)]);
  return (await tx.run(updateAsked, [rows.map((row) => row.person_id), owns.phone, owns.username])).rows;
}
