import type { Database, Tx } from '@aerogram/storage';
import { storedDecode, storedEncode } from '@aerogram/tl-compat';
import type { tl } from '@aerogram/tl';

/** The kinds of rows in `app_settings`. */
export type AppSettingsKind =
  | 'auto_save_users'
  | 'auto_save_chats'
  | 'auto_save_broadcasts'
  | 'auto_save_peer'
  | 'auto_download_low'
  | 'auto_download_medium'
  | 'auto_download_high'
  | 'web_browser';

/** A stored setting. */
export interface StoredSetting {
  kind: string;
  /** Marked peer id; 0 for a setting that is not about a chat. */
  peerId: bigint;
  settings: tl.AnyObject;
}

/** Lists the owner's settings of these kinds, by kind and peer. Settings that were never changed are absent. */
export async function findAppSettings(q: Database['q'], ownerId: bigint, kinds: readonly AppSettingsKind[]): Promise<StoredSetting[]> {
  const rows = await q
    .selectFrom('app_settings')
    .select(['kind', 'peer_id', 'settings'])
    .where('owner_id', '=', ownerId)
    .where('kind', 'in', [...kinds])
    .orderBy('kind')
    .orderBy('peer_id')
    .execute();
  return rows.map(({ kind, peer_id: peerId, settings }) => ({ kind, peerId, settings: storedDecode(settings) }));
}

/** Inserts or replaces a setting. */
export async function saveAppSettings(tx: Tx, ownerId: bigint, { kind, peerId = 0n }: { kind: AppSettingsKind; peerId?: bigint }, settings: tl.AnyObject): Promise<void> {
  const row = { owner_id: ownerId, kind, peer_id: peerId, settings: storedEncode(settings) };
  await tx.q
    .insertInto('app_settings')
    .values(row)
    .onConflict((oc) => oc.columns(['owner_id', 'kind', 'peer_id']).doUpdateSet({ settings: row.settings }))
    .execute();
}

/** Counts the chats, except one, that have settings of this kind. */
export async function countOtherPeers(tx: Tx, ownerId: bigint, kind: AppSettingsKind, peerId: bigint): Promise<number> {
  const { count } = await tx.q
    .selectFrom('app_settings')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('owner_id', '=', ownerId)
    .where('kind', '=', kind)
    .where('peer_id', '<>', peerId)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/**
 * Deletes all settings of a kind.
 * @returns whether there were any
 */
export async function deleteAppSettings(tx: Tx, ownerId: bigint, kind: AppSettingsKind): Promise<boolean> {
  const gone = await tx.q.deleteFrom('app_settings').where('owner_id', '=', ownerId).where('kind', '=', kind).returning('peer_id').execute();
  return gone.length > 0;
}
