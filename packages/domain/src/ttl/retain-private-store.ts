import { type Database, defineStatement } from '@aerogram/storage';

/** Number of messages of one chat that are deleted at once. */
export const RETAINED_SLICE = 500;
/** Number of chats that are looked at in one statement. */
const CHATS = 1000;
/** How long an export of all data keeps old messages, in seconds. One that takes longer, or was forgotten, does not. */
const TAKEOUT_S = 3 * 86_400;

/** A private chat as one of the two has it. */
export interface PrivateChat {
  owner_id: bigint;
  peer_id: bigint;
  /** It has messages that are to be deleted. */
  is_overdue: boolean;
}

// A chat is as old as its oldest message, which the index finds at once. Chats are looked at in pages, whether they are overdue or not, so that no statement takes long.
const listChats = defineStatement<PrivateChat>(
  'list_private_chats_by_age',
  `SELECT d.owner_id, d.peer_id, coalesce(oldest.date < $3::integer, false)
          AND NOT EXISTS (SELECT FROM takeouts t WHERE t.user_id = d.owner_id AND t.takeout_id IS NOT NULL AND t.requested_date > $4::integer) AS is_overdue
     FROM (SELECT owner_id, peer_id FROM dialogs WHERE (owner_id, peer_id) > ($1::bigint, $2::bigint) AND peer_id > 0 AND peer_id <> owner_id ORDER BY owner_id, peer_id LIMIT ${CHATS}) AS d
     LEFT JOIN LATERAL (SELECT m.date FROM messages m WHERE m.owner_id = d.owner_id AND m.peer_id = d.peer_id ORDER BY m.msg_id LIMIT 1) AS oldest ON true
    ORDER BY d.owner_id, d.peer_id`,
);

const listOld = defineStatement<{ msg_id: number }>(
  'list_old_private_messages',
  `SELECT msg_id FROM (SELECT m.msg_id, m.date FROM messages m WHERE m.owner_id = $1 AND m.peer_id = $2 ORDER BY m.msg_id LIMIT ${RETAINED_SLICE}) AS oldest WHERE date < $3 ORDER BY msg_id`,
);

/** Lists private chats, and whether they have messages from before a date. Those of people who export all their data at this moment count as having none. @param last the last one of the page before */
export async function listPrivateChats(db: Pick<Database, 'run'>, last: PrivateChat | undefined, { beforeDate, nowDate }: { beforeDate: number; nowDate: number }): Promise<PrivateChat[]> {
  return (await db.run(listChats, [last?.owner_id ?? 0n, last?.peer_id ?? 0n, beforeDate, nowDate - TAKEOUT_S])).rows;
}

/** Lists the oldest messages of a chat that are from before a date, at most {@link RETAINED_SLICE}. */
export async function listOldPrivate(reads: Pick<Database, 'run'>, { ownerId, peerId, beforeDate }: { ownerId: bigint; peerId: bigint; beforeDate: number }): Promise<number[]> {
  return (await reads.run(listOld, [ownerId, peerId, beforeDate])).rows.map((row) => row.msg_id);
}
