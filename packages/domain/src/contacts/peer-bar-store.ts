import { type Database, defineStatement, type Tx } from '@aerogram/storage';

/** What the action bar above a private chat depends on, besides the relation of the two users and the privacy of the viewer. */
export interface ChatFacts {
  /** Whether the viewer has hidden the bar. */
  hidden: boolean;
  /** Whether the other user sent the first message of the chat. */
  wroteFirst: boolean;
}

const readFacts = defineStatement<{ id: bigint; hidden: boolean; wrote_first: boolean | null }>(
  'read_bar_facts',
  `SELECT p.id, EXISTS (SELECT FROM hidden_peer_bars WHERE owner_id = $1 AND peer_id = p.id) AS hidden,
          (SELECT from_id FROM messages WHERE owner_id = $1 AND peer_id = p.id ORDER BY msg_id LIMIT 1) = p.id AS wrote_first
     FROM unnest($2::bigint[]) AS p (id)`,
);

/** Reads this about the chats of a viewer with each of these users. */
export async function findChatFacts(db: Pick<Database, 'run'>, viewerId: bigint, peerIds: readonly bigint[]): Promise<Map<bigint, ChatFacts>> {
  const { rows } = await db.run(readFacts, [viewerId, peerIds]);
  return new Map(rows.map((row) => [row.id, { hidden: row.hidden, wroteFirst: row.wrote_first === true }]));
}

/** Hides the action bar above a chat. */
export async function insertHiddenBar(tx: Tx, ownerId: bigint, peerId: bigint, date: number): Promise<void> {
  await tx.q
    .insertInto('hidden_peer_bars')
    .values({ owner_id: ownerId, peer_id: peerId, hidden_date: date })
    .onConflict((oc) => oc.columns(['owner_id', 'peer_id']).doNothing())
    .execute();
}
