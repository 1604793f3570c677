import type { Database, Tables } from '@aerogram/storage';
import type { Selectable } from 'kysely';

/** A user as stored. Names and phone are as the user gave them; who may see what is decided by projectUser. */
export type UserRow = Selectable<Tables['users']>;

/** Reads users by id in one statement; ids without a row are left out. */
export async function findUserRows(q: Database['q'], ids: readonly bigint[]): Promise<Map<bigint, UserRow>> {
  const rows = await q.selectFrom('users').selectAll().where('user_id', 'in', [...ids]).execute();
  return new Map(rows.map((row) => [row.user_id, row]));
}
