import type { Database, Tx } from '@aerogram/storage';

/** Finds a number that is banned: nobody gets it, or logs in with it. */
export async function findBannedPhone({ q }: Pick<Database, 'q'> | Pick<Tx, 'q'>, phones: readonly string[]): Promise<string | undefined> {
  if (phones.length === 0) return undefined;
  return (await q.selectFrom('banned_phones').select('phone').where('phone', 'in', phones).limit(1).executeTakeFirst())?.phone;
}
