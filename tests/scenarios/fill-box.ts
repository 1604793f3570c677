import { defineStatement, type Database } from '@aerogram/storage';

/** Rows per statement, so that it does not hold its locks for long. */
const CHUNK = 10_000;

// Copies of a row that the server wrote, so they have everything that a message has.
const copyMessage = defineStatement(
  'test_copy_message',
  `INSERT INTO messages
   SELECT copy.* FROM messages AS m, generate_series($3::int, $4::int) AS n,
     LATERAL jsonb_populate_record(m, jsonb_build_object(
       'msg_id', m.msg_id + n, 'pts', m.pts + n, 'global_id', -(n::bigint), 'text', 'copy ' || n)) AS copy
   WHERE m.owner_id = $1 AND m.msg_id = $2`,
);

const moveCounter = defineStatement('test_move_counter', 'UPDATE counters SET pts = pts + $2::int, next_msg_id = next_msg_id + $2::int WHERE owner_id = $1');

const growDialog = defineStatement(
  'test_grow_dialog',
  `UPDATE dialogs SET top_msg_id = top_msg_id + $3::int, msg_count = msg_count + $3::int, unread_count = unread_count + CASE WHEN $4::bool THEN $3::int ELSE 0 END
   WHERE owner_id = $1 AND peer_id = $2`,
);

/** The newest message of a private chat, in the box of one of its users. */
export interface BoxEnd {
  ownerId: bigint;
  peerId: bigint;
  msgId: number;
  isIncoming: boolean;
}

/**
 * Repeats the newest message of a chat many times in both boxes, faster than sending. It must be the last event of both boxes, and no
 * server may be writing to them.
 */
export async function repeatMessage(db: Database, ends: readonly BoxEnd[], times: number): Promise<void> {
  for (const { ownerId, peerId, msgId, isIncoming } of ends) {
    for (let from = 1; from <= times; from += CHUNK) await db.transact('fill', (tx) => tx.run(copyMessage, [ownerId, msgId, from, Math.min(from + CHUNK - 1, times)]));
    await db.transact('fill', (tx) => tx.run(growDialog, [ownerId, peerId, times, isIncoming]));
    await db.transact('fill', (tx) => tx.run(moveCounter, [ownerId, times]));
  }
}

// Copies of the newest post, as the server wrote it.
const copyPost = defineStatement(
  'test_copy_post',
  `INSERT INTO channel_messages
   SELECT copy.* FROM channel_messages AS m JOIN channel_heads AS h ON h.channel_id = m.channel_id AND h.top_msg_id = m.msg_id, generate_series(1, $2::int) AS n,
     LATERAL jsonb_populate_record(m, jsonb_build_object('msg_id', m.msg_id + n, 'pts', m.pts + n, 'ordinal', m.ordinal + n, 'text', 'copy ' || n)) AS copy
   WHERE m.channel_id = $1`,
);

const countPosts = defineStatement(
  'test_count_posts',
  `WITH head AS (
     UPDATE channel_heads SET top_msg_id = top_msg_id + $2::int, ordinal = ordinal + $2::int WHERE channel_id = $1 RETURNING top_msg_id
   ), poster AS (
     UPDATE channel_members SET own_posts = own_posts + $2::int
      WHERE channel_id = $1 AND user_id = (SELECT poster_id FROM channel_messages WHERE channel_id = $1 ORDER BY msg_id DESC LIMIT 1)
   ) UPDATE counters SET pts = pts + $2::int, next_msg_id = next_msg_id + $2::int WHERE owner_id = -1000000000000 - $1::bigint`,
);

/** Repeats the newest post of a channel many times, faster than sending and without hints. It must be the last event of the channel. */
export async function repeatPost(db: Database, channelId: bigint, times: number): Promise<void> {
  await db.transact('fill', (tx) => tx.run(copyPost, [channelId, times]));
  await db.transact('fill', (tx) => tx.run(countPosts, [channelId, times]));
}
