import { defineStatement, type Tx } from '@aerogram/storage';

const insertKey = defineStatement(
  'insert_call_key',
  'INSERT INTO send_keys (owner_id, random_id, global_id, peer_id, msg_id, pts, pts_count, date) VALUES ($1, $2, 0, $1, 0, 0, 0, $3) ON CONFLICT DO NOTHING',
);

/**
 * Notes that a call has been carried out which makes no message, and whose effect does not show that it is a repeat. The box of the user must be locked.
 * @param randomId the same for a repeat of the call
 * @returns whether this is the first time; the note is kept for two days, as that of a message that was deleted
 */
export async function noteCall(tx: Tx, userId: bigint, randomId: bigint, date: number): Promise<boolean> {
  return (await tx.run(insertKey, [userId, randomId, date])).count > 0;
}
