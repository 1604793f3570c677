import type { Database, Tables } from '@aerogram/storage';
import type { Selectable } from 'kysely';

export type ContactRow = Selectable<Tables['contacts']>;

/** What lies between a viewer and one other user. */
export interface Relation {
  /** The viewer's entry for the other user. */
  contact: ContactRow | undefined;
  /** The other user's entry for the viewer. */
  reverse: ContactRow | undefined;
  /** The viewer blocked the other user. */
  blocks: boolean;
  /** The other user may not see the viewer's stories. */
  blocksStories: boolean;
  /** The other user blocked the viewer. */
  blockedBy: boolean;
}

export const NO_RELATION: Relation = {
  contact: undefined,
  reverse: undefined,
  blocks: false,
  blocksStories: false,
  blockedBy: false,
};

/** The same pair as the other user sees it. Pure. */
export function reverseRelation({ contact, reverse, blocks, blockedBy }: Relation): Relation {
  return { contact: reverse, reverse: contact, blocks: blockedBy, blocksStories: false, blockedBy: blocks };
}

/** Key of a pair in the cache of relations. */
export function pairKey(viewerId: bigint, targetId: bigint): string {
  return `${viewerId}:${targetId}`;
}

/** Opposite of {@link pairKey}. */
export function unpairKey(key: string): { viewerId: bigint; targetId: bigint } {
  const [viewer, target] = key.split(':');
  return { viewerId: BigInt(viewer ?? 0), targetId: BigInt(target ?? 0) };
}

/** Each direction by the owner's key: two index reads, no second index. */
function findBlocks(
  q: Database['q'],
  viewerId: bigint,
  targets: readonly bigint[],
): Promise<{ owner_id: bigint; peer_id: bigint; stories_only: boolean }[]> {
  return q
    .selectFrom('blocked_peers')
    .select(['owner_id', 'peer_id', 'stories_only'])
    .where((eb) =>
      eb.or([
        eb.and([eb('owner_id', '=', viewerId), eb('peer_id', 'in', targets)]),
        eb.and([eb('peer_id', '=', viewerId), eb('owner_id', 'in', targets)]),
      ]),
    )
    .execute();
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
    for (const row of await findBlocks(q, viewerId, targets)) {
      const own = row.owner_id === viewerId;
      const key = pairKey(viewerId, own ? row.peer_id : row.owner_id);
      const known = result.get(key) ?? NO_RELATION;
      if (own) result.set(key, row.stories_only ? { ...known, blocksStories: true } : { ...known, blocks: true });
      else if (!row.stories_only) result.set(key, { ...known, blockedBy: true });
    }
  }
  return result;
}
