import { type Database, defineStatement, type Tx } from '@aerogram/storage';

import type { DeviceNotice } from './notice-store.ts';

/** For how long what was sent can be called back, in seconds. */
export const CALL_BACK_MAX_S = 86_400;
/** Notices of a device that can be called back. */
const KEPT_MAX = 64;
/** Channels and supergroups have lower marked ids. Their posts stand in another table, and those who follow them are not looked at when one is edited or deleted. */
const CHANNELS_BELOW = -1_000_000_000_000n;

const WHERE_DEVICE = 'owner_id = $1::bigint AND auth_key_id = $2::bigint AND token_type = $3::integer';

const keepSent = defineStatement(
  'keep_sent_notice',
  `UPDATE device_notices SET sent_date = $7::integer, due_ms = $8::bigint, attempts = 0 WHERE ${WHERE_DEVICE} AND peer_id = $4::bigint AND msg_id = $5::integer AND pts = $6::integer`,
);

const dropBeyond = defineStatement(
  'drop_sent_notices_beyond',
  `DELETE FROM device_notices WHERE ${WHERE_DEVICE} AND sent_date IS NOT NULL AND (peer_id, msg_id) IN
     (SELECT peer_id, msg_id FROM device_notices WHERE ${WHERE_DEVICE} AND sent_date IS NOT NULL ORDER BY sent_date DESC, msg_id DESC OFFSET ${KEPT_MAX})`,
);

const findSent = defineStatement<{ owner_id: bigint }>('find_owners_of_sent_notices', 'SELECT DISTINCT owner_id FROM device_notices WHERE owner_id = ANY ($1::bigint[]) AND sent_date IS NOT NULL');

// One call tells of all that was read in a chat, so the newest one is enough.
const dropRead = defineStatement(
  'drop_read_sent_notices',
  `DELETE FROM device_notices AS n USING dialogs AS d
    WHERE n.owner_id = ANY ($1::bigint[]) AND n.sent_date IS NOT NULL AND n.msg_id > 0 AND d.owner_id = n.owner_id AND d.peer_id = n.peer_id AND n.msg_id <= d.read_inbox_max_id
      AND EXISTS (SELECT FROM device_notices AS newer WHERE newer.owner_id = n.owner_id AND newer.auth_key_id = n.auth_key_id AND newer.token_type = n.token_type
                     AND newer.peer_id = n.peer_id AND newer.msg_id > n.msg_id AND newer.msg_id <= d.read_inbox_max_id AND newer.sent_date IS NOT NULL)`,
);

const callBack = defineStatement<{ owner_id: bigint }>(
  'call_notices_back',
  `UPDATE device_notices AS n SET due_ms = $2::bigint
    WHERE n.owner_id = ANY ($1::bigint[]) AND n.sent_date IS NOT NULL AND n.msg_id > 0 AND n.due_ms > $2::bigint
      AND (EXISTS (SELECT FROM dialogs AS d WHERE d.owner_id = n.owner_id AND d.peer_id = n.peer_id AND n.msg_id <= d.read_inbox_max_id)
        OR (n.peer_id > ${CHANNELS_BELOW} AND NOT EXISTS (SELECT FROM messages AS m WHERE m.owner_id = n.owner_id AND m.msg_id = n.msg_id AND (m.edit_date IS NULL OR m.edit_date < n.sent_date))))
   RETURNING n.owner_id`,
);

/** Keeps a notice that was sent, so that the device can be told when the message is read, deleted or edited. @param sentDate unix seconds @param againMs when it is looked at again, in milliseconds since 1970; by default when it cannot be called back any more */
export async function keepSentNotice(db: Database, notice: DeviceNotice, sentDate: number, againMs = (sentDate + CALL_BACK_MAX_S) * 1000): Promise<void> {
  const { owner_id, auth_key_id, token_type, peer_id, msg_id, pts } = notice;
  await db.transact('keep-sent-notice', async (tx) => {
    await tx.run(keepSent, [owner_id, auth_key_id, token_type, peer_id, msg_id, pts, sentDate, BigInt(Math.ceil(againMs))]);
    await tx.run(dropBeyond, [owner_id, auth_key_id, token_type]);
  });
}

/** Those of these users whose devices can be told that something was read, deleted or edited. */
export async function findOwnersOfSent(db: Pick<Database, 'run'>, owners: readonly bigint[]): Promise<bigint[]> {
  return (await db.run(findSent, [owners])).rows.map(({ owner_id }) => owner_id);
}

/** Makes due again what was sent to devices of these users and was read, deleted or edited since. @returns whether there is anything */
export async function callNoticesBack(tx: Tx, owners: readonly bigint[], nowMs: number): Promise<boolean> {
  await tx.run(dropRead, [owners]);
  return (await tx.run(callBack, [owners, BigInt(nowMs)])).rows.length > 0;
}
