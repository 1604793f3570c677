import type { Database, Tables, Tx } from '@aerogram/storage';
import type { Selectable } from 'kysely';

import type { UserKey } from '../shared/index.ts';

export type TakeoutRow = Selectable<Tables['takeouts']>;

/** Finds what a device has asked for, and locks it until the transaction ends. */
export function lockTakeout(tx: Tx, { userId, authKeyId }: UserKey): Promise<TakeoutRow | undefined> {
  return tx.q.selectFrom('takeouts').selectAll().where('user_id', '=', userId).where('auth_key_id', '=', authKeyId).forUpdate().executeTakeFirst();
}

/** Finds the export of a user by its id. */
export function findTakeout({ q }: Pick<Database, 'q'>, userId: bigint, takeoutId: bigint): Promise<TakeoutRow | undefined> {
  return q.selectFrom('takeouts').selectAll().where('user_id', '=', userId).where('takeout_id', '=', takeoutId).executeTakeFirst();
}

/** Stores what a device asks for, in place of what it asked for before. */
export async function saveTakeout(tx: Tx, row: Omit<TakeoutRow, 'other_data'>): Promise<void> {
  const { requested_date, takeout_id } = row;
  await tx.q
    .insertInto('takeouts')
    .values({ ...row, other_data: null })
    .onConflict((oc) => oc.columns(['user_id', 'auth_key_id']).doUpdateSet({ requested_date, takeout_id, other_data: null }))
    .execute();
}

/** Keeps the file of other data of an export; one that was kept before stays. @returns the kept one, or undefined if the export has ended */
export async function keepOtherData(tx: Tx, userId: bigint, takeoutId: bigint, data: Uint8Array): Promise<Uint8Array | undefined> {
  const row = await tx.q
    .updateTable('takeouts')
    .set((eb) => ({ other_data: eb.fn.coalesce('other_data', eb.val(data)) }))
    .where('user_id', '=', userId)
    .where('takeout_id', '=', takeoutId)
    .returning('other_data')
    .executeTakeFirst();
  return row?.other_data ?? undefined;
}

/** Ends an export. @param end.isDone false: the device may begin another one without waiting again */
export async function endTakeout(tx: Tx, { userId, takeoutId, isDone }: { userId: bigint; takeoutId: bigint; isDone: boolean }): Promise<void> {
  if (isDone) await tx.q.deleteFrom('takeouts').where('user_id', '=', userId).where('takeout_id', '=', takeoutId).execute();
  else await tx.q.updateTable('takeouts').set({ takeout_id: null, other_data: null }).where('user_id', '=', userId).where('takeout_id', '=', takeoutId).execute();
}

/** Deletes what was asked for at this date or before, in unix seconds. */
export async function deleteOldTakeouts(tx: Tx, beforeDate: number): Promise<void> {
  await tx.q.deleteFrom('takeouts').where('requested_date', '<=', beforeDate).execute();
}
