import { defineStatement, type Tables, type Tx } from '@aerogram/storage';
import type { Selectable, Updateable } from 'kysely';

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

const copySettings = defineStatement<Selectable<Tables['notify_settings']>>(
  'copy_notify_settings',
  `INSERT INTO notify_settings (owner_id, scope, peer_id, show_previews, silent, mute_until, sound, stories_muted, stories_hide_sender, stories_sound)
   SELECT owner_id, scope, $3, show_previews, silent, mute_until, sound, stories_muted, stories_hide_sender, stories_sound
     FROM notify_settings WHERE owner_id = ANY ($1::bigint[]) AND scope = 'peer' AND peer_id = $2
   ON CONFLICT (owner_id, scope, peer_id) DO NOTHING
   RETURNING *`,
);

/** Gives one peer the settings that these owners have for another one, by marked peer id. @returns the new settings */
export async function copyNotifySettings(
  tx: Tx,
  ownerIds: readonly bigint[],
  { fromPeerId, toPeerId }: { fromPeerId: bigint; toPeerId: bigint },
): Promise<Selectable<Tables['notify_settings']>[]> {
  return (await tx.run(copySettings, [ownerIds, fromPeerId, toPeerId])).rows;
}
