import { defineStatement, type Tx } from '@aerogram/storage';

const OF_CALL = 'owner_id = $1::bigint AND peer_id = $2::bigint AND msg_id = -1';

const dropUnsent = defineStatement('drop_call_notices', `DELETE FROM device_notices WHERE ${OF_CALL} AND sent_date IS NULL AND attempts = 0`);

const recallSent = defineStatement('recall_call_notices', `UPDATE device_notices SET due_ms = $3::bigint WHERE ${OF_CALL} AND due_ms > $3::bigint`);

/** Forgets notices of a call that nobody has begun to send. */
export async function dropCallNotices(tx: Tx, ownerId: bigint, callerId: bigint): Promise<void> {
  await tx.run(dropUnsent, [ownerId, callerId]);
}

/** Makes the notices of a call due again that were sent, or are being sent, so that they are taken back. @returns whether there are any */
export async function recallCallNotices(tx: Tx, ownerId: bigint, callerId: bigint, nowMs: number): Promise<boolean> {
  return (await tx.run(recallSent, [ownerId, callerId, BigInt(Math.floor(nowMs))])).count > 0;
}
