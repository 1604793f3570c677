import { type Database, defineStatement, type Tables } from '@aerogram/storage';
import type { Selectable } from 'kysely';

/** A user as stored. Names and phone number are as the user set them; projectUser decides what each viewer sees. */
export type UserRow = Selectable<Tables['users']>;

const readUsers = defineStatement<UserRow>('read_users', 'SELECT * FROM users WHERE user_id = ANY ($1::bigint[])');

/** Reads users by id in one statement, inside or outside a transaction. Ids without a row are left out. */
export async function findUserRows(db: Pick<Database, 'run'>, ids: readonly bigint[]): Promise<Map<bigint, UserRow>> {
  const { rows } = await db.run(readUsers, [ids]);
  return new Map(rows.map((row) => [row.user_id, row]));
}
