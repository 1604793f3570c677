import { type Database, defineStatement } from '@aerogram/storage';

import type { PushDeviceRow } from '../auth/index.ts';
import type { DeviceNotice } from './notice-store.ts';

/** A device with what its notices depend on. */
export interface FoundDevice extends PushDeviceRow {
  /** After how many seconds its app locks itself; null if it does not. */
  lock_period: number | null;
  /** When the device last did something, in Unix seconds. */
  active_date: number;
}

const readDevice = defineStatement<FoundDevice>(
  'read_push_device',
  `SELECT p.*, a.lock_period, a.active_date FROM notice_devices AS p JOIN authorizations AS a ON a.user_id = p.user_id AND a.auth_key_id = p.auth_key_id
    WHERE p.user_id = $1::bigint AND p.auth_key_id = $2::bigint AND p.token_type = $3::integer`,
);

// A token that was registered again meanwhile stays.
const SAME = 'user_id = $1::bigint AND auth_key_id = $2::bigint AND token_type = $3::integer AND registered_date = $4::integer';
const dropDevice = defineStatement('drop_push_device', `DELETE FROM notice_devices WHERE ${SAME}`);
const setFailing = defineStatement('set_push_device_failing', `UPDATE notice_devices SET failing_since = $5::integer WHERE ${SAME}`);

/** The device of a notice; undefined if it was logged out or has unregistered. */
export async function findDevice(db: Pick<Database, 'run'>, { owner_id, auth_key_id, token_type }: DeviceNotice): Promise<FoundDevice | undefined> {
  return (await db.run(readDevice, [owner_id, auth_key_id, token_type])).rows[0];
}

/** Forgets a token that its push service does not know any more. */
export async function forgetDevice(db: Database, { user_id, auth_key_id, token_type, registered_date }: PushDeviceRow): Promise<void> {
  await db.transact('forget-push-device', (tx) => tx.run(dropDevice, [user_id, auth_key_id, token_type, registered_date]));
}

/** Notes since when a push service fails; null if it has taken something again. */
export async function noteFailing(db: Database, { user_id, auth_key_id, token_type, registered_date }: PushDeviceRow, since: number | null): Promise<void> {
  await db.transact('note-push-failing', (tx) => tx.run(setFailing, [user_id, auth_key_id, token_type, registered_date, since]));
}
