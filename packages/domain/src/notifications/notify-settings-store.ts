import type { Tables, Tx } from '@aerogram/storage';
import type { Updateable } from 'kysely';

/** The columns of `notify_settings` that a user may change. */
export type NotifyChange = Omit<Updateable<Tables['notify_settings']>, 'owner_id' | 'scope' | 'peer_id'>;

/** Inserts notification settings, or changes these columns of them. */
export async function saveNotifySettings(tx: Tx, key: { owner_id: bigint; scope: string; peer_id: bigint }, change: NotifyChange): Promise<void> {
  await tx.q
    .insertInto('notify_settings')
    .values({ ...key, ...change })
    .onConflict((oc) => {
      const conflict = oc.columns(['owner_id', 'scope', 'peer_id']);
      return Object.keys(change).length === 0 ? conflict.doNothing() : conflict.doUpdateSet(change);
    })
    .execute();
}

/** Deletes all notification settings of an owner. @returns what they were for */
export async function deleteNotifySettings(tx: Tx, ownerId: bigint): Promise<{ scope: string; peer_id: bigint }[]> {
  return tx.q.deleteFrom('notify_settings').where('owner_id', '=', ownerId).returning(['scope', 'peer_id']).execute();
}
