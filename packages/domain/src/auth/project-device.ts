import type { tl } from '@aerogram/tl';

import type { AuthorizationRow } from './authorization-store.ts';
import { describePlace } from './describe-place.ts';

/** The columns of an auth key that describe its device. */
export interface DeviceKey {
  auth_key_id: bigint;
  api_id: number | null;
  device_model: string;
  system_version: string;
  app_version: string;
  lang_pack: string;
  pending_user_id: bigint | null;
  pending_date: number | null;
  pending_hash: bigint | null;
  pending_address: string;
}

/** Apps by the language pack that they request. The api_id does not identify an app, because the server accepts any. */
const APPS: Readonly<Record<string, { name: string; platform: string }>> = {
  android: { name: 'Telegram Android', platform: 'Android' },
  ios: { name: 'Telegram iOS', platform: 'iOS' },
  macos: { name: 'Telegram macOS', platform: 'macOS' },
  tdesktop: { name: 'Telegram Desktop', platform: 'Desktop' },
  weba: { name: 'Telegram Web A', platform: 'Web' },
  webk: { name: 'Telegram Web K', platform: 'Web' },
};

/**
 * A device for the list of devices. The calling device has hash 0, so that it cannot be ended. Pure.
 * @param key undefined if the key has just been destroyed
 */
export function projectDevice(
  row: AuthorizationRow,
  key: DeviceKey | undefined,
  view: { isCurrent: boolean; nowDate: number },
): tl.authorization {
  return {
    _: 'authorization',
    current: view.isCurrent || undefined,
    encrypted_requests_disabled: row.encrypted_requests_disabled || undefined,
    call_requests_disabled: row.call_requests_disabled || undefined,
    unconfirmed: isUnconfirmed(row, view.nowDate) || undefined,
    hash: view.isCurrent ? 0n : row.hash,
    ...projectKey(key),
    date_created: row.created_date,
    date_active: view.isCurrent ? view.nowDate : row.active_date,
    ip: row.address,
    country: describePlace(row.address),
    region: '',
  };
}

/** A device that waits for the password. Clients show it as an unfinished log-in, which the user can end. Pure. */
export function projectWaiting(key: DeviceKey): tl.authorization {
  return {
    _: 'authorization',
    password_pending: true,
    hash: key.pending_hash ?? 0n,
    ...projectKey(key),
    date_created: key.pending_date ?? 0,
    date_active: key.pending_date ?? 0,
    ip: key.pending_address,
    country: describePlace(key.pending_address),
    region: '',
  };
}

/** A device that showed its QR code in another data centre, and is about to log in here. Pure. */
export function projectComing(device: Pick<DeviceKey, 'api_id' | 'device_model' | 'system_version' | 'app_version' | 'lang_pack'> & { address: string }, { hash, nowDate }: { hash: bigint; nowDate: number }): tl.authorization {
  const { address } = device;
  return { _: 'authorization', hash, ...projectKey(device), date_created: nowDate, date_active: nowDate, ip: address, country: describePlace(address), region: '' };
}

/** Seconds after which a log-in counts as confirmed; sent to clients in help.getAppConfig (`authorization_autoconfirm_period`). */
const AUTOCONFIRM_S = 604_800;

/** Whether the user is still asked to confirm this log-in. Pure. */
export function isUnconfirmed(row: Pick<AuthorizationRow, 'unconfirmed' | 'created_date'>, nowDate: number): boolean {
  return row.unconfirmed && row.created_date > nowDate - AUTOCONFIRM_S;
}

function projectKey(key: Omit<DeviceKey, 'auth_key_id' | `pending_${string}`> | undefined) {
  const app = APPS[key?.lang_pack ?? ''];
  return {
    device_model: key?.device_model ?? '',
    platform: app?.platform ?? '',
    system_version: key?.system_version ?? '',
    api_id: key?.api_id ?? 0,
    app_name: app?.name ?? `App ${key?.api_id ?? 0}`,
    app_version: key?.app_version ?? '',
  };
}
