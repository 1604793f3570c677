import { rpcError } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import type { Clock } from '@aerogram/runtime';

import { endAuthorizations } from './authorization-store.ts';
import type { KeyStates } from './key-state.ts';

/** The user's logged-in devices. */
export interface Devices {
  /** All devices, the asking one first with `current`; those carried over to other DCs are part of theirs. */
  listDevices(userId: bigint, currentAuthKeyId: bigint): Promise<tl.authorization[]>;
  /** Ends one other device. @throws RpcError 400 HASH_INVALID */
  doResetDevice(userId: bigint, currentAuthKeyId: bigint, hash: bigint): Promise<void>;
  /** Ends all other devices. */
  doResetOtherDevices(userId: bigint, currentAuthKeyId: bigint): Promise<void>;
}

/** Makes the list of devices over authorisations and keys. */
export function createDevices(deps: { db: Database; clock: Clock; states: KeyStates }): Devices {
  const { db, clock, states } = deps;

  const end = async (userId: bigint, authKeyIds: readonly bigint[]): Promise<void> => {
    const gone = await db.transact('reset-devices', (tx) => endAuthorizations(tx, userId, authKeyIds, clock.now()));
    states.keysChanged(gone, 'ended');
  };

  /** A device asked from a key that was carried over is its main one. */
  const mainOf = async (userId: bigint, authKeyId: bigint): Promise<bigint> => {
    const own = await db.q
      .selectFrom('authorizations')
      .select('main_auth_key_id')
      .where('user_id', '=', userId)
      .where('auth_key_id', '=', authKeyId)
      .executeTakeFirst();
    return own?.main_auth_key_id ?? authKeyId;
  };

  const listMain = (userId: bigint) =>
    db.q.selectFrom('authorizations').selectAll().where('user_id', '=', userId).where('main_auth_key_id', 'is', null).execute();

  return {
    async listDevices(userId, currentAuthKeyId) {
      const current = await mainOf(userId, currentAuthKeyId);
      const rows = await listMain(userId);
      if (rows.length === 0) return [];
      const keys = await db.q
        .selectFrom('auth_keys')
        .select(['auth_key_id', 'api_id', 'device_model', 'system_version', 'app_version', 'lang_pack'])
        .where('auth_key_id', 'in', rows.map((row) => row.auth_key_id))
        .execute();
      const devices = rows.map((row): tl.authorization => {
        const key = keys.find((one) => one.auth_key_id === row.auth_key_id);
        const isCurrent = row.auth_key_id === current;
        return {
          _: 'authorization',
          current: isCurrent || undefined,
          // The current device has no hash by which it could be ended.
          hash: isCurrent ? 0n : row.hash,
          device_model: key?.device_model ?? '',
          platform: PLATFORMS[key?.lang_pack ?? ''] ?? '',
          system_version: key?.system_version ?? '',
          api_id: key?.api_id ?? 0,
          app_name: appName(key?.lang_pack ?? '', key?.api_id ?? 0),
          app_version: key?.app_version ?? '',
          date_created: row.created_date,
          date_active: isCurrent ? clock.now() : row.active_date,
          ip: row.address,
          country: '',
          region: '',
        };
      });
      return devices.toSorted((a, b) => Number(b.current ?? false) - Number(a.current ?? false) || b.date_active - a.date_active);
    },
    async doResetDevice(userId, currentAuthKeyId, hash) {
      const current = await mainOf(userId, currentAuthKeyId);
      const row = (await listMain(userId)).find((one) => one.hash === hash && one.auth_key_id !== current);
      if (!row) throw rpcError('HASH_INVALID');
      await end(userId, [row.auth_key_id]);
    },
    async doResetOtherDevices(userId, currentAuthKeyId) {
      const current = await mainOf(userId, currentAuthKeyId);
      const others = (await listMain(userId)).map((row) => row.auth_key_id).filter((id) => id !== current);
      await end(userId, others);
    },
  };
}

const PLATFORMS: Readonly<Record<string, string>> = {
  android: 'Android',
  ios: 'iOS',
  macos: 'macOS',
  tdesktop: 'Desktop',
  weba: 'Web',
  webk: 'Web',
};

/** Apps are known by the language pack that they ask for; any api_id is accepted, so it names nothing. */
function appName(langPack: string, apiId: number): string {
  const names: Readonly<Record<string, string>> = {
    android: 'Telegram Android',
    ios: 'Telegram iOS',
    tdesktop: 'Telegram Desktop',
    macos: 'Telegram macOS',
    weba: 'Telegram Web A',
    webk: 'Telegram Web K',
  };
  return names[langPack] ?? `App ${apiId}`;
}
