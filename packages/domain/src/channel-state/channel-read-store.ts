import { type Database, defineStatement, type Tx } from '@aerogram/storage';

import { AdminRight } from '../chats/index.ts';
import { type MessageReader, READERS_MEMBERS_MAX } from '../messages/index.ts';

// Who has read what is kept for supergroups up to a certain size only.
const insertRead = defineStatement(
  'insert_channel_read',
  `INSERT INTO channel_reads (channel_id, user_id, max_id, date)
   SELECT c.channel_id, $2, $3, $4
     FROM channels c JOIN channel_heads h USING (channel_id)
    WHERE c.channel_id = $1 AND c.kind = 'megagroup' AND h.members <= ${READERS_MEMBERS_MAX}
   ON CONFLICT DO NOTHING`,
);

// The first mark of a member at or after the message has the date. Those who joined after the message have not read it by reading what came later.
// Anonymous admins are left out for ordinary members.
const listReaders = defineStatement<MessageReader>(
  'list_channel_readers',
  `SELECT m.user_id, r.date
     FROM channel_members m
    CROSS JOIN LATERAL (SELECT c.date FROM channel_reads c
                         WHERE c.channel_id = m.channel_id AND c.user_id = m.user_id AND c.max_id >= $2
                         ORDER BY c.max_id LIMIT 1) r
    WHERE m.channel_id = $1 AND m.status = 'member' AND m.user_id <> $4 AND (m.date <= $3 OR r.date < m.date)
      AND ($5 OR m.role = 'member' OR m.admin_rights & ${AdminRight.anonymous} = 0)
    ORDER BY r.date DESC, m.user_id`,
);

/** Records when a member read a supergroup up to `maxId`. The statement is sent in the same round trip as the COMMIT. */
export function insertChannelRead(tx: Tx, { channelId, userId, maxId, date }: { channelId: bigint; userId: bigint; maxId: number; date: number }): void {
  tx.runLast(insertRead, [channelId, userId, maxId, date]);
}

/** A post whose readers are asked for. */
export interface ReadPost {
  channel_id: bigint;
  msg_id: number;
  date: number;
  poster_id: bigint;
}

/**
 * Lists the members who have read a post, other than its author. The latest reader comes first.
 * @param showsAll whether to name anonymous admins too
 */
export async function listChannelReaders(db: Pick<Database, 'run'>, post: ReadPost, showsAll: boolean): Promise<MessageReader[]> {
  return [...(await db.run(listReaders, [post.channel_id, post.msg_id, post.date, post.poster_id, showsAll])).rows];
}

/** Deletes what was recorded before a date (unix seconds). */
export async function removeChannelReads(tx: Tx, beforeDate: number): Promise<void> {
  await tx.q.deleteFrom('channel_reads').where('date', '<', beforeDate).execute();
}
