import type { Tables, Tx } from '@aerogram/storage';
import type { Insertable } from 'kysely';

/**
 * Stores a contact link, and deletes expired ones and the user's oldest.
 * @param limits `nowDate` in unix seconds; `most` links of the user remain, the new one included
 */
export async function insertContactToken(tx: Tx, row: Insertable<Tables['contact_tokens']>, limits: { nowDate: number; most: number }): Promise<void> {
  await tx.q.deleteFrom('contact_tokens').where('expires_date', '<=', limits.nowDate).execute();
  const older = tx.q
    .selectFrom('contact_tokens')
    .select('token_hash')
    .where('user_id', '=', row.user_id)
    .orderBy('expires_date', 'desc')
    .offset(limits.most - 1);
  await tx.q.deleteFrom('contact_tokens').where('token_hash', 'in', older).execute();
  await tx.q.insertInto('contact_tokens').values(row).execute();
}
