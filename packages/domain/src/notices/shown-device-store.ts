import { type Database, defineStatement, type Tx } from '@aerogram/storage';

import { listPushDevices, TokenType } from '../auth/index.ts';
import { insertDeviceNotices } from './notice-store.ts';
import { TEST_MSG_ID } from './test-notice.ts';

/** A device that gets notices, for operators. */
export interface ShownDevice {
  auth_key_id: bigint;
  token_type: number;
  /** By this an operator recognises a token: the first bytes of its hash, in hexadecimal digits. */
  token: string;
  device: string;
  registered_date: number;
  /** Since when its push service has refused or not answered; null if it has not. */
  failing_since: number | null;
  /** Notices that are not sent yet. */
  waiting: number;
}

const readShown = defineStatement<ShownDevice>(
  'list_shown_notice_devices',
  `SELECT d.auth_key_id, d.token_type, encode(substr(d.token_hash, 1, 4), 'hex') AS token, coalesce(a.device_model, '') AS device, d.registered_date, d.failing_since,
          (SELECT count(*)::integer FROM device_notices AS n WHERE n.owner_id = d.user_id AND n.auth_key_id = d.auth_key_id AND n.token_type = d.token_type AND n.sent_date IS NULL) AS waiting
     FROM notice_devices AS d LEFT JOIN auth_keys AS a ON a.auth_key_id = d.auth_key_id
    WHERE d.user_id = $1::bigint ORDER BY d.registered_date, d.auth_key_id, d.token_type`,
);

/** Tokens of one type, in the whole database. */
export interface DeviceCount {
  token_type: number;
  devices: number;
  failing: number;
  waiting: number;
}

const countAll = defineStatement<DeviceCount>(
  'count_notice_devices',
  `SELECT coalesce(d.token_type, n.token_type) AS token_type, coalesce(d.devices, 0) AS devices, coalesce(d.failing, 0) AS failing, coalesce(n.waiting, 0) AS waiting
     FROM (SELECT token_type, count(*)::integer AS devices, count(failing_since)::integer AS failing FROM notice_devices GROUP BY token_type) AS d
     FULL JOIN (SELECT token_type, count(*)::integer AS waiting FROM device_notices WHERE sent_date IS NULL GROUP BY token_type) AS n USING (token_type)
    ORDER BY 1`,
);

const forgetAll = defineStatement<{ token_type: number }>('forget_notice_devices', 'DELETE FROM notice_devices WHERE user_id = $1::bigint RETURNING token_type');

/** Lists the devices of an account that get notices. */
export async function listShownDevices(db: Pick<Database, 'run'>, userId: bigint): Promise<ShownDevice[]> {
  return (await db.run(readShown, [userId])).rows;
}

/** Counts the tokens of all devices, by their types. Reads both tables. */
export async function countShownDevices(db: Pick<Database, 'run'>): Promise<DeviceCount[]> {
  return (await db.run(countAll, [])).rows;
}

/** Forgets all tokens of an account: its apps are told of nothing until they register again. @returns how many there were */
export async function doForgetDevices(tx: Tx, userId: bigint): Promise<number> {
  return (await tx.run(forgetAll, [userId])).rows.length;
}

const forgiveAll = defineStatement('forgive_notice_devices', 'UPDATE notice_devices SET failing_since = NULL WHERE user_id = $1::bigint');

/** Has a test sent to each device of an account, as if none of them had failed before. Sessions are left out: they are only woken. @param nowMs since 1970 */
export async function doTestDevices(tx: Tx, userId: bigint, nowMs: number): Promise<void> {
  await tx.run(forgiveAll, [userId]);
  const devices = await listPushDevices(tx, [userId]);
  const notices = devices
    .filter(({ token_type }) => token_type !== TokenType.session)
    .map(({ auth_key_id, token_type }) => ({ owner_id: userId, auth_key_id, token_type, peer_id: userId, msg_id: TEST_MSG_ID, pts: 0, date: Math.floor(nowMs / 1000), due_ms: BigInt(nowMs) }));
  await insertDeviceNotices(tx, notices);
}
