import type { tl } from '@aerogram/tl';

import type { AuthorizationRow } from './authorization-store.ts';
import { describePlace } from './describe-place.ts';

/** What a key knows of its device. */
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

/** Apps are known by the language pack that they ask for: any api_id is accepted, so it names nothing. */
const APPS: Readonly<Record<string, { name: string; platform: string }>> = {
  android: { name: 'Telegram Android', platform: 'Android' },
  ios: { name: 'Telegram iOS', platform: 'iOS' },
  macos: { name: 'Telegram macOS', platform: 'macOS' },
  tdesktop: { name: 'Telegram Desktop', platform: 'Desktop' },
  weba: { name: 'Telegram Web A', platform: 'Web' },
  webk: { name: 'Telegram Web K', platform: 'Web' },
};

/**
 * A device in the list of devices. The current one has hash 0, by which it cannot be ended. Pure.
 * @param key undefined when it was destroyed a moment ago
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

/** A device that waits for the password: clients show it as an attempt to log in, which may be ended. Pure. */
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

/** Nobody has said for a week that it was not theirs: `authorization_autoconfirm_period` of the app config. */
const AUTOCONFIRM_S = 604_800;

/** Whether the user is still asked about this log-in. Pure. */
export function isUnconfirmed(row: Pick<AuthorizationRow, 'unconfirmed' | 'created_date'>, nowDate: number): boolean {
  return row.unconfirmed && row.created_date > nowDate - AUTOCONFIRM_S;
}

function projectKey(key: DeviceKey | undefined) {
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
