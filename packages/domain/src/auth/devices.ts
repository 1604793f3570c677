import { rpcError } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import type { Clock } from '@aerogram/runtime';

import { endAuthorizations } from './authorization-store.ts';
import type { KeyStates } from './key-state.ts';
import { type DeviceKey, projectDevice, projectWaiting } from './project-device.ts';

/** The user's logged-in devices. */
export interface Devices {
  /** All devices, the asking one first with `current`; those carried over to other DCs are part of theirs. */
  listDevices(userId: bigint, currentAuthKeyId: bigint): Promise<tl.authorization[]>;
  /** One device of the user, or one that still has to show their password, as another one of theirs sees it. */
  findDevice(userId: bigint, authKeyId: bigint): Promise<tl.authorization | undefined>;
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

  const findKeys = async (authKeyIds: readonly bigint[]): Promise<Map<bigint, DeviceKey>> => {
    if (authKeyIds.length === 0) return new Map();
    const keys = await db.q
      .selectFrom('auth_keys')
      .select(['auth_key_id', 'api_id', 'device_model', 'system_version', 'app_version', 'lang_pack', 'pending_user_id'])
      .where('auth_key_id', 'in', authKeyIds)
      .execute();
    return new Map(keys.map((key) => [key.auth_key_id, key]));
  };

  return {
    async listDevices(userId, currentAuthKeyId) {
      const current = await mainOf(userId, currentAuthKeyId);
      const rows = await listMain(userId);
      const keys = await findKeys(rows.map((row) => row.auth_key_id));
      const nowDate = clock.now();
      return rows
        .map((row) => projectDevice(row, keys.get(row.auth_key_id), { isCurrent: row.auth_key_id === current, nowDate }))
        .toSorted((a, b) => Number(b.current ?? false) - Number(a.current ?? false) || b.date_active - a.date_active);
    },
    async findDevice(userId, authKeyId) {
      const row = (await listMain(userId)).find((one) => one.auth_key_id === authKeyId);
      const key = (await findKeys([authKeyId])).get(authKeyId);
      if (row) return projectDevice(row, key, { isCurrent: false, nowDate: clock.now() });
      return key?.pending_user_id === userId ? projectWaiting(key, clock.now()) : undefined;
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
