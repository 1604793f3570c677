import type { Database, Tables } from '@aerogram/storage';
import type { Selectable } from 'kysely';

export type ContactRow = Selectable<Tables['contacts']>;

/** What lies between a viewer and one other user. */
export interface Relation {
  /** The viewer's entry for the other user. */
  contact: ContactRow | undefined;
  /** The other user's entry for the viewer. */
  reverse: ContactRow | undefined;
}

export const NO_RELATION: Relation = { contact: undefined, reverse: undefined };

/** Key of a pair in the cache of relations. */
export function pairKey(viewerId: bigint, targetId: bigint): string {
  return `${viewerId}:${targetId}`;
}

/** Opposite of {@link pairKey}. */
export function unpairKey(key: string): { viewerId: bigint; targetId: bigint } {
  const [viewer, target] = key.split(':');
  return { viewerId: BigInt(viewer ?? 0), targetId: BigInt(target ?? 0) };
}

/** Reads both directions of many pairs; every pair is answered, with empty sides where nobody added anybody. */
export async function findRelations(q: Database['q'], keys: readonly string[]): Promise<Map<string, Relation>> {
  const byViewer = new Map<bigint, bigint[]>();
  for (const key of keys) {
    const { viewerId, targetId } = unpairKey(key);
    byViewer.set(viewerId, [...(byViewer.get(viewerId) ?? []), targetId]);
  }
  const result = new Map<string, Relation>(keys.map((key) => [key, NO_RELATION]));
  for (const [viewerId, targets] of byViewer) {
    const rows = await q
      .selectFrom('contacts')
      .selectAll()
      .where((eb) =>
        eb.or([
          eb.and([eb('owner_id', '=', viewerId), eb('user_id', 'in', targets)]),
          eb.and([eb('user_id', '=', viewerId), eb('owner_id', 'in', targets)]),
        ]),
      )
      .execute();
    for (const row of rows) {
      const own = row.owner_id === viewerId;
      const key = pairKey(viewerId, own ? row.user_id : row.owner_id);
      const known = result.get(key) ?? NO_RELATION;
      result.set(key, own ? { ...known, contact: row } : { ...known, reverse: row });
    }
  }
  return result;
}
