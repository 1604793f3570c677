import { rpcError } from '@aerogram/errors';
import { type Database, defineStatement, type Tables } from '@aerogram/storage';
import type { Selectable } from 'kysely';

export type ContactRow = Selectable<Tables['contacts']>;

/** The relation between a viewer and one other user. */
export interface Relation {
  /** The viewer's contact entry for the other user. */
  contact: ContactRow | undefined;
  /** The other user's contact entry for the viewer. */
  reverse: ContactRow | undefined;
  /** The viewer blocked the other user. */
  blocks: boolean;
  /** The viewer hides stories from the other user. */
  blocksStories: boolean;
  /** The other user blocked the viewer. */
  blockedBy: boolean;
}

/** Refuses what people do with each other of whom one has blocked the other, as the protocol tells it. @throws RpcError 400 YOU_BLOCKED_USER, USER_IS_BLOCKED */
export function checkNotBlocked(relation: Pick<Relation, 'blocks' | 'blockedBy'> | undefined): void {
  if (relation?.blocks === true) throw rpcError('YOU_BLOCKED_USER');
  if (relation?.blockedBy === true) throw rpcError('USER_IS_BLOCKED');
}

export const NO_RELATION: Relation = {
  contact: undefined,
  reverse: undefined,
  blocks: false,
  blocksStories: false,
  blockedBy: false,
};

/** The same relation from the other user's side. Pure. */
export function reverseRelation({ contact, reverse, blocks, blockedBy }: Relation): Relation {
  return { contact: reverse, reverse: contact, blocks: blockedBy, blocksStories: false, blockedBy: blocks };
}

/** User ids are below 2^40 (rule P1, id bounds). */
const ID_BITS = 40;

const ID_SHIFT = BigInt(ID_BITS);

/** The key of a pair in the cache of relations. */
export function pairKey(viewerId: bigint, targetId: bigint): bigint {
  return (viewerId << ID_SHIFT) | targetId;
}

/** The inverse of {@link pairKey}. */
export function unpairKey(key: bigint): { viewerId: bigint; targetId: bigint } {
  return { viewerId: key >> ID_SHIFT, targetId: BigInt.asUintN(ID_BITS, key) };
}

const readContacts = defineStatement<ContactRow>(
  'read_contacts_of_pairs',
  'SELECT c.* FROM unnest($1::bigint[], $2::bigint[]) AS pair (owner_id, user_id) JOIN contacts c USING (owner_id, user_id)',
);

const readBlocks = defineStatement<{ owner_id: bigint; peer_id: bigint; stories_only: boolean }>(
  'read_blocks_of_pairs',
  `SELECT b.owner_id, b.peer_id, b.stories_only
     FROM unnest($1::bigint[], $2::bigint[]) AS pair (owner_id, peer_id) JOIN blocked_peers b USING (owner_id, peer_id)`,
);

/**
 * Reads the relations of many pairs, in both directions. The result has an entry for each key.
 * @param keys made by {@link pairKey}
 */
export async function findRelations(db: Pick<Database, 'run'>, keys: readonly bigint[]): Promise<Map<bigint, Relation>> {
  const pairs = keys.map(unpairKey);
  const [viewers, targets] = [pairs.map(({ viewerId }) => viewerId), pairs.map(({ targetId }) => targetId)];
  const bothWays = [[...viewers, ...targets], [...targets, ...viewers]];
  const [contacts, blocks] = await Promise.all([db.run(readContacts, bothWays), db.run(readBlocks, bothWays)]);
  const result = new Map<bigint, Relation>(keys.map((key) => [key, NO_RELATION]));
  const change = (key: bigint, part: Partial<Relation>): void => {
    const known = result.get(key);
    if (known) result.set(key, { ...known, ...part });
  };
  for (const row of contacts.rows) {
    change(pairKey(row.owner_id, row.user_id), { contact: row });
    change(pairKey(row.user_id, row.owner_id), { reverse: row });
  }
  for (const { owner_id: owner, peer_id: peer, stories_only: storiesOnly } of blocks.rows) {
    change(pairKey(owner, peer), storiesOnly ? { blocksStories: true } : { blocks: true });
    if (!storiesOnly) change(pairKey(peer, owner), { blockedBy: true });
  }
  return result;
}
