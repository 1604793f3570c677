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
    for (let from = 1; from <= times; from += CHUNK) await db.run(copyMessage, [ownerId, msgId, from, Math.min(from + CHUNK - 1, times)]);
    await db.run(growDialog, [ownerId, peerId, times, isIncoming]);
    await db.run(moveCounter, [ownerId, times]);
  }
}
