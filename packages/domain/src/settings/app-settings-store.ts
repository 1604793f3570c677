import type { Database, Tx } from '@aerogram/storage';
import { storedDecode, storedEncode } from '@aerogram/tl-compat';
import type { tl } from '@aerogram/tl';

import type { SettingName } from './setting-list.ts';

/** The kinds of rows in `app_settings`. */
export type AppSettingsKind =
  | SettingName
  | 'auto_save_users'
  | 'auto_save_chats'
  | 'auto_save_broadcasts'
  | 'auto_save_peer';

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

/** Lists the settings of these kinds that these owners changed, as far as they are about the whole account. */
export async function listAppSettings<K extends AppSettingsKind>(
  q: Database['q'],
  owners: readonly bigint[],
  kinds: readonly K[],
): Promise<{ ownerId: bigint; kind: K; settings: tl.AnyObject }[]> {
  const rows = await q
    .selectFrom('app_settings')
    .select(['owner_id', 'kind', 'settings'])
    .where('owner_id', 'in', [...owners])
    .where('kind', 'in', [...kinds])
    .where('peer_id', '=', 0n)
    .execute();
  // The cast is safe: the query asks for these kinds only.
  return rows.map(({ owner_id: ownerId, kind, settings }) => ({ ownerId, kind: kind as K, settings: storedDecode(settings) }));
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
