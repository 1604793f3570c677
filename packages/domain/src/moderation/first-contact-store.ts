import { defineStatement, type Database, type Tx } from '@aerogram/storage';

/** What the boxes know of two people. */
export interface PairFacts {
  /** The sender has a chat with the other. */
  has_dialog: boolean;
  /** The sender wrote first, and the other has not answered. */
  is_unanswered: boolean;
}

const findPairFacts = defineStatement<PairFacts>(
  'find_pair_facts',
  `SELECT EXISTS (SELECT FROM dialogs WHERE owner_id = $1 AND peer_id = $2 AND top_msg_id > 0) AS has_dialog,
          EXISTS (SELECT FROM first_contacts WHERE owner_id = $1 AND peer_id = $2) AS is_unanswered`,
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

/** What lies between a sender and whom they write to. */
export async function readPairFacts(db: Database, senderId: bigint, peerId: bigint): Promise<PairFacts> {
  const { rows } = await db.run(findPairFacts, [senderId, peerId]);
  return rows[0]!;
}

/** To how many people a user wrote first since a date, unanswered so far. */
export async function countUnanswered(tx: Tx, senderId: bigint, sinceDate: number): Promise<number> {
  const { rows } = await tx.run(countFirstContacts, [senderId, sinceDate]);
  return rows[0]!.count;
}

/** Notes that a user writes first to somebody; once a pair. */
export async function noteFirstContact(tx: Tx, senderId: bigint, peerId: bigint, nowDate: number): Promise<void> {
  await tx.run(insertFirstContact, [senderId, peerId, nowDate]);
}

/** Somebody answered who wrote to them first. */
export async function noteAnswer(tx: Tx, senderId: bigint, peerId: bigint): Promise<void> {
  await tx.run(forgetFirstContact, [senderId, peerId]);
}
