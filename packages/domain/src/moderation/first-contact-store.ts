import { defineStatement, type Database, type Queries, type Tx } from '@aerogram/storage';

/** Facts about two users from the sender's data. */
export interface PairFacts {
  /** Whether the sender has ever written to the other user. */
  has_written: boolean;
  /** Whether the sender has a dialog with the other user. */
  has_dialog: boolean;
  /** Whether the sender wrote first and the other user has not answered. */
  is_unanswered: boolean;
}

const findPairFacts = defineStatement<PairFacts>(
  'find_pair_facts',
  `SELECT EXISTS (SELECT FROM dialogs WHERE owner_id = $1 AND peer_id = $2 AND top_msg_id > 0) AS has_dialog,
          EXISTS (SELECT FROM dialogs WHERE owner_id = $1 AND peer_id = $2 AND owner_wrote) AS has_written,
          EXISTS (SELECT FROM first_contacts WHERE owner_id = $1 AND peer_id = $2) AS is_unanswered`,
);

const findAcquaintedPairs = defineStatement<{ owner_id: bigint; user_id: bigint }>(
  'find_acquainted_pairs',
  `SELECT owner_id, user_id FROM contacts WHERE owner_id = ANY ($1::bigint[]) AND user_id = ANY ($2::bigint[])
    UNION
   SELECT owner_id, peer_id FROM dialogs WHERE owner_id = ANY ($1::bigint[]) AND peer_id = ANY ($2::bigint[]) AND owner_wrote`,
);

const countFirstContacts = defineStatement<{ count: number }>(
  'count_first_contacts',
  'SELECT count(*)::int AS count FROM first_contacts WHERE owner_id = $1 AND date > $2::integer',
);

const insertFirstContact = defineStatement(
  'insert_first_contact',
  'INSERT INTO first_contacts (owner_id, peer_id, date) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
);

const forgetFirstContact = defineStatement('forget_first_contact', 'DELETE FROM first_contacts WHERE owner_id = $1 AND peer_id = $2');

/** Reads the facts about a sender and the receiver. */
export async function readPairFacts(db: Database, senderId: bigint, peerId: bigint): Promise<PairFacts> {
  const { rows } = await db.run(findPairFacts, [senderId, peerId]);
  return rows[0]!;
}

/** Which of some users are no strangers to which people. */
export interface Acquainted {
  /** Whether the person has the user as a contact, or has ever written to the user. This is the rule of `SendLimits`. */
  has(ownerId: bigint, userId: bigint): boolean;
}

/** Reads which of these users are no strangers to each of these people. */
export async function findAcquainted(db: Pick<Queries, 'run'>, ownerIds: readonly bigint[], userIds: readonly bigint[]): Promise<Acquainted> {
  const { rows } = await db.run(findAcquaintedPairs, [ownerIds, userIds]);
  const pairs = new Set(rows.map((row) => `${row.owner_id}:${row.user_id}`));
  return { has: (ownerId, userId) => ownerId === userId || pairs.has(`${ownerId}:${userId}`) };
}

/** Counts the users to whom a user wrote first since a date (unix seconds) and who have not answered. */
export async function countUnanswered(tx: Tx, senderId: bigint, sinceDate: number): Promise<number> {
  const { rows } = await tx.run(countFirstContacts, [senderId, sinceDate]);
  return rows[0]!.count;
}

/** Records that a user writes first to another user; once per pair. */
export async function noteFirstContact(tx: Tx, senderId: bigint, peerId: bigint, nowDate: number): Promise<void> {
  await tx.run(insertFirstContact, [senderId, peerId, nowDate]);
}

const forgetFirstContacts = defineStatement(
  'forget_first_contacts',
  'DELETE FROM first_contacts f USING unnest($1::bigint[], $2::bigint[]) AS w (w_owner, w_peer) WHERE f.owner_id = w.w_owner AND f.peer_id = w.w_peer',
);

const findHeard = defineStatement<{ heard: boolean }>(
  'find_heard',
  'SELECT EXISTS (SELECT FROM messages WHERE owner_id = $1 AND peer_id = $2 AND from_id = $2) AS heard',
);

/** Whether somebody has a message of a user elsewhere, whose own dialogs are not here. */
export async function hasHeardFrom(db: Pick<Database, 'run'>, ownerId: bigint, userId: bigint): Promise<boolean> {
  return (await db.run(findHeard, [ownerId, userId])).rows[0]!.heard;
}

/** Records that users elsewhere have written to people here, which answers the first messages that they had from them. */
export async function noteAnswers(tx: Tx, pairs: readonly { ownerId: bigint; peerId: bigint }[]): Promise<void> {
  await tx.run(forgetFirstContacts, [pairs.map(({ ownerId }) => ownerId), pairs.map(({ peerId }) => peerId)]);
}

/** Records that a user answered a first message from `senderId`. */
export async function noteAnswer(tx: Tx, senderId: bigint, peerId: bigint): Promise<void> {
  await tx.run(forgetFirstContact, [senderId, peerId]);
}
