import { type Database, defineStatement, type Tables, type Tx } from '@aerogram/storage';
import type { Insertable, Selectable } from 'kysely';

import { TokenType } from './push-token.ts';

export type PushDeviceRow = Selectable<Tables['notice_devices']>;

/** Most devices of a user. */
const DEVICES_MAX = 100;

const dropSame = defineStatement(
  'drop_same_notice_devices',
  `DELETE FROM notice_devices WHERE token_type = $1::integer AND token_hash = $2::bytea
      AND ((user_id = $3::bigint AND auth_key_id <> $4::bigint) OR (user_id <> $3::bigint AND NOT user_id = ANY ($5::bigint[])))`,
);

const dropOldest = defineStatement(
  'drop_oldest_notice_devices',
  `DELETE FROM notice_devices WHERE (user_id, auth_key_id, token_type) IN
     (SELECT user_id, auth_key_id, token_type FROM notice_devices WHERE user_id = $1::bigint ORDER BY registered_date DESC, auth_key_id OFFSET ${DEVICES_MAX})`,
);

// A user's first device is told of nothing that happened before it came. For further devices the position stays where it is.
const beginMark = defineStatement(
  'begin_notice_mark',
  `INSERT INTO notice_marks (owner_id, pushed_pts) VALUES ($1::bigint, coalesce((SELECT pts FROM counters_now WHERE owner_id = $1::bigint), 1)) ON CONFLICT DO NOTHING`,
);

const endFollowing = defineStatement(
  'end_notice_following',
  'DELETE FROM notice_followers WHERE owner_id = ANY ($1::bigint[]) AND NOT EXISTS (SELECT FROM notice_devices WHERE user_id = owner_id)',
);

const endMarks = defineStatement(
  'end_notice_marks',
  'DELETE FROM notice_marks WHERE owner_id = ANY ($1::bigint[]) AND NOT EXISTS (SELECT FROM notice_devices WHERE user_id = owner_id)',
);

/**
 * Stores a device's token for a push service, in place of the one before. An app that was deleted and installed again has another key, but may have the same token: then the
 * older row is deleted, so that nothing is told twice. So are the rows of accounts that are not in the app any more. For ids of sessions nothing of this is done: no two devices share one.
 * @param otherUids the other accounts in the app
 */
export async function savePushDevice(tx: Tx, row: Insertable<Tables['notice_devices']>, otherUids: readonly bigint[]): Promise<void> {
  const { user_id, auth_key_id, token_type, ...change } = row;
  if (token_type !== TokenType.session) await tx.run(dropSame, [token_type, row.token_hash, user_id, auth_key_id, otherUids]);
  await tx.q
    .insertInto('notice_devices')
    .values(row)
    .onConflict((oc) => oc.columns(['user_id', 'auth_key_id', 'token_type']).doUpdateSet({ ...change, failing_since: null }))
    .execute();
  await tx.run(dropOldest, [user_id]);
  await tx.run(beginMark, [user_id]);
}

/** Deletes a token of these users: the device's own, and the same token on any other device. */
export async function deletePushDevices(
  tx: Tx,
  userIds: readonly bigint[],
  { authKeyId, tokenType, tokenHash }: { authKeyId: bigint; tokenType: number; tokenHash: Uint8Array },
): Promise<void> {
  await tx.q
    .deleteFrom('notice_devices')
    .where('user_id', 'in', [...userIds])
    .where('token_type', '=', tokenType)
    .where((eb) => eb.or([eb('auth_key_id', '=', authKeyId), eb('token_hash', '=', tokenHash)]))
    .execute();
  await Promise.all([tx.run(endMarks, [userIds]), tx.run(endFollowing, [userIds])]);
}

/** Deletes all tokens of devices that are logged out, and what is on its way to them. */
export async function endPushDevices(tx: Tx, userId: bigint, authKeyIds: readonly bigint[]): Promise<void> {
  await tx.q.deleteFrom('notice_devices').where('user_id', '=', userId).where('auth_key_id', 'in', authKeyIds).execute();
  await tx.q.deleteFrom('device_notices').where('owner_id', '=', userId).where('auth_key_id', 'in', authKeyIds).execute();
  await Promise.all([tx.run(endMarks, [[userId]]), tx.run(endFollowing, [[userId]])]);
}

/** The devices of these users. */
export async function listPushDevices(reads: Pick<Database, 'q'>, userIds: readonly bigint[]): Promise<PushDeviceRow[]> {
  if (userIds.length === 0) return [];
  return reads.q.selectFrom('notice_devices').selectAll().where('user_id', 'in', [...userIds]).orderBy('user_id').orderBy('auth_key_id').orderBy('token_type').execute();
}
