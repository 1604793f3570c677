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

const readDevices = defineStatement<FoundDevice>(
  'read_push_devices',
  `SELECT p.*, a.lock_period, a.active_date FROM notice_devices AS p JOIN authorizations AS a ON a.user_id = p.user_id AND a.auth_key_id = p.auth_key_id
    WHERE (p.user_id, p.auth_key_id, p.token_type) IN (SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::integer[]))`,
);

// A token that was registered again meanwhile stays.
const SAME = 'user_id = $1::bigint AND auth_key_id = $2::bigint AND token_type = $3::integer AND registered_date = $4::integer';
const dropDevice = defineStatement('drop_push_device', `DELETE FROM notice_devices WHERE ${SAME}`);
const setFailing = defineStatement('set_push_device_failing', `UPDATE notice_devices SET failing_since = $5::integer WHERE ${SAME}`);

/** Names the device of a notice. */
export const deviceKey = ({ owner_id, auth_key_id, token_type }: Pick<DeviceNotice, 'owner_id' | 'auth_key_id' | 'token_type'>): string => `${owner_id}:${auth_key_id}:${token_type}`;

/** The devices of notices, by {@link deviceKey}. Those that were logged out or have unregistered are missing. */
export async function findDevices(db: Pick<Database, 'run'>, notices: readonly DeviceNotice[]): Promise<Map<string, FoundDevice>> {
  const { rows } = await db.run(readDevices, [notices.map(({ owner_id }) => owner_id), notices.map(({ auth_key_id }) => auth_key_id), notices.map(({ token_type }) => token_type)]);
  return new Map(rows.map((row) => [deviceKey({ ...row, owner_id: row.user_id }), row]));
}

/** Forgets a token that its push service does not know any more. */
export async function forgetDevice(db: Database, { user_id, auth_key_id, token_type, registered_date }: PushDeviceRow): Promise<void> {
  await db.transact('forget-push-device', (tx) => tx.run(dropDevice, [user_id, auth_key_id, token_type, registered_date]));
}

/** Notes since when a push service fails; null if it has taken something again. */
export async function noteFailing(db: Database, { user_id, auth_key_id, token_type, registered_date }: PushDeviceRow, since: number | null): Promise<void> {
  await db.transact('note-push-failing', (tx) => tx.run(setFailing, [user_id, auth_key_id, token_type, registered_date, since]));
}
