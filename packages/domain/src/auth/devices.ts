import { rpcError } from '@aerogram/errors';
import type { Database, Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { publishTransient } from '../events/index.ts';
import type { DomainDeps, UserKey } from '../shared/index.ts';
import { endAdminSessions } from './admin-store.ts';
import { type AuthorizationRow, checkAuthorized, endAuthorizations, endWaiting, saveDevice } from './authorization-store.ts';
import type { KeyStates } from './key-state.ts';
import { endComing } from './login-token-store.ts';
import { type DeviceKey, projectDevice, projectWaiting } from './project-device.ts';
import { findSecurity, saveSecurity } from './security-store.ts';

/** Changes to one device's permissions, or its confirmation; undefined leaves a field as it is. */
export interface DeviceChange {
  confirmed: boolean;
  encrypted_requests_disabled: boolean | undefined;
  call_requests_disabled: boolean | undefined;
}

type Queries = Database['q'] | Tx['q'];

/** For this many seconds after its log-in, a device may neither log out older devices nor do anything that could lock the owner out. */
const FRESH_S = 24 * 3600;

const MAX_TTL_DAYS = 366;
/** Maximum number of unfinished log-ins in the list of devices. */
const MAX_WAITING = 20;

const KEY_COLUMNS = [
  'auth_key_id', 'api_id', 'device_model', 'system_version', 'app_version', 'lang_pack', 'pending_user_id', 'pending_date',
  'pending_hash', 'pending_address',
] as const;

/** The devices of a user. */
interface Known {
  rows: AuthorizationRow[];
  /** The calling device. */
  current: AuthorizationRow | undefined;
  others: AuthorizationRow[];
}

type DevicesDeps = Pick<DomainDeps, 'db' | 'bus' | 'clock' | 'log'> & { states: KeyStates };

/** The user's logged-in devices. */
export class Devices {
  readonly #deps: DevicesDeps;

  constructor(deps: DevicesDeps) {
    this.#deps = deps;
  }

  /**
   * Lists all devices: first the calling one, marked `current`, then the others, and last those that have yet to prove the password.
   * Authorisations exported to other data centres count as part of their device.
   */
  async listDevices(userId: bigint, currentAuthKeyId: bigint): Promise<tl.authorization[]> {
    const { rows, current } = await this.#readDevices(userId, currentAuthKeyId);
    const keys = await this.#findKeys(rows.map((row) => row.auth_key_id));
    const nowDate = this.#deps.clock.now();
    const devices = rows
      .map((row) => projectDevice(row, keys.get(row.auth_key_id), { isCurrent: row === current, nowDate }))
      .toSorted((a, b) => Number(b.current ?? false) - Number(a.current ?? false) || b.date_active - a.date_active);
    return [...devices, ...(await this.#listWaiting(userId)).map(projectWaiting)];
  }

  /** Finds one device of the user, including one that has yet to prove the password, as the user's other devices see it. */
  async findDevice(userId: bigint, authKeyId: bigint): Promise<tl.authorization | undefined> {
    const row = (await this.#listMain(this.#deps.db.q, userId)).find((one) => one.auth_key_id === authKeyId);
    const key = (await this.#findKeys([authKeyId])).get(authKeyId);
    if (row) return projectDevice(row, key, { isCurrent: false, nowDate: this.#deps.clock.now() });
    return key?.pending_user_id === userId ? projectWaiting(key) : undefined;
  }

  /**
   * Logs out one other device, or ends its unfinished log-in.
   * @throws RpcError 400 HASH_INVALID, 406 FRESH_RESET_AUTHORISATION_FORBIDDEN
   */
  async doResetDevice(userId: bigint, currentAuthKeyId: bigint, hash: bigint): Promise<void> {
    if ((await this.#endComing(userId, hash)) > 0) return;
    const { current, others } = await this.#readDevices(userId, currentAuthKeyId);
    const row = others.find((one) => one.hash === hash);
    const waiting = row ? undefined : (await this.#listWaiting(userId)).find((key) => key.pending_hash === hash);
    if (waiting) return this.#endAttempt(userId, waiting);
    if (!row) throw rpcError('HASH_INVALID');
    if (this.#isTooFresh(current, [row])) throw rpcError('FRESH_RESET_AUTHORISATION_FORBIDDEN');
    return this.#end(userId, [row]);
  }

  /**
   * Logs out all other devices and ends unfinished log-ins, and the sessions at the admin page.
   * @throws RpcError 406 FRESH_RESET_AUTHORISATION_FORBIDDEN
   */
  async doResetOtherDevices(userId: bigint, currentAuthKeyId: bigint): Promise<void> {
    const { current, others } = await this.#readDevices(userId, currentAuthKeyId);
    if (this.#isTooFresh(current, others)) throw rpcError('FRESH_RESET_AUTHORISATION_FORBIDDEN');
    await this.#endComing(userId);
    // The devices are read again: one whose log-in was to be ended may have come just before.
    await this.#end(userId, (await this.#readDevices(userId, currentAuthKeyId)).others);
    for (const key of await this.#listWaiting(userId)) await this.#endAttempt(userId, key);
    await this.#deps.db.transact('end-admin-sessions', (tx) => endAdminSessions(tx, userId));
  }

  /**
   * Logs out all devices and ends unfinished log-ins and the sessions at the admin page, or logs out one device.
   * @param why for the log
   * @param number of the one device: its `login_seq`
   * @returns how many devices were logged out
   */
  async doEndDevices(userId: bigint, why: string, number?: bigint): Promise<number> {
    const { db } = this.#deps;
    if (number === undefined) await this.#endComing(userId);
    const rows = (await this.#listMain(db.q, userId)).filter((row) => number === undefined || row.login_seq === number);
    await this.#end(userId, rows, why);
    if (number !== undefined) return rows.length;
    const waiting = await db.transact('end-waiting-devices', async (tx) => {
      await endAdminSessions(tx, userId);
      return endWaiting(tx, userId);
    });
    await this.#deps.states.keysDecided(waiting, 'ended');
    return rows.length;
  }

  /**
   * Changes the permissions of one device or confirms it.
   * @param hash 0 for the calling device
   * @throws RpcError 400 HASH_INVALID
   */
  async doChangeDevice(userId: bigint, currentAuthKeyId: bigint, hash: bigint, change: DeviceChange): Promise<void> {
    const { current, others } = await this.#readDevices(userId, currentAuthKeyId);
    const row = hash === 0n ? current : others.find((one) => one.hash === hash);
    if (!row) throw rpcError('HASH_INVALID');
    const { encrypted_requests_disabled, call_requests_disabled } = change;
    // A device cannot confirm itself, and a device that is unconfirmed cannot confirm others.
    const confirms = change.confirmed && row !== current && row.unconfirmed && current?.unconfirmed === false;
    await this.#deps.db.transact('change-device', async (tx) => {
      await saveDevice(tx, { userId, authKeyId: row.auth_key_id }, {
        unconfirmed: row.unconfirmed && !confirms,
        ...(encrypted_requests_disabled === undefined ? {} : { encrypted_requests_disabled }),
        ...(call_requests_disabled === undefined ? {} : { call_requests_disabled }),
      });
    });
    if (!confirms) return;
    const update = { _: 'updateNewAuthorization' as const, hash: row.hash };
    publishTransient(this.#deps.bus, userId, update);
  }

  /** Returns the number of days without activity after which a device is logged out. */
  async findDeviceTtl(userId: bigint): Promise<number> {
    return (await findSecurity(this.#deps.db.q, userId)).authorization_ttl_days;
  }

  /**
   * Sets the number of days without activity after which a device is logged out.
   * @throws RpcError 400 TTL_DAYS_INVALID, 406 FRESH_RESET_AUTHORISATION_FORBIDDEN
   */
  async doSetDeviceTtl(userId: bigint, currentAuthKeyId: bigint, days: number): Promise<void> {
    if (days < 1 || days > MAX_TTL_DAYS) throw rpcError('TTL_DAYS_INVALID');
    const { current, others } = await this.#readDevices(userId, currentAuthKeyId);
    if (this.#isTooFresh(current, others)) throw rpcError('FRESH_RESET_AUTHORISATION_FORBIDDEN');
    await this.#deps.db.transact('set-device-ttl', (tx) => saveSecurity(tx, userId, { authorization_ttl_days: days }));
  }

  /**
   * Throws if the device has only just logged in while older devices exist.
   * @throws RpcError 406 with the given error
   */
  async checkSettled(userId: bigint, authKeyId: bigint, error: 'FRESH_CHANGE_PHONE_FORBIDDEN' | 'FRESH_RESET_AUTHORISATION_FORBIDDEN'): Promise<void> {
    const { current, others } = await this.#readDevices(userId, authKeyId);
    if (this.#isTooFresh(current, others)) throw rpcError(error);
  }

  /**
   * Throws if the device logged in less than a day ago without proving the password while older devices exist. It guards actions that could
   * lock the owner out. Locks the device's authorisation until the transaction ends.
   * @throws RpcError 400 SESSION_TOO_FRESH_%d, 401 AUTH_KEY_UNREGISTERED
   */
  async checkTrusted(tx: Tx, { userId, authKeyId }: UserKey): Promise<void> {
    await checkAuthorized(tx, { userId, authKeyId });
    const { current, others } = await this.#readDevices(userId, authKeyId, tx.q);
    if (current === undefined || current.with_password || !this.#isTooFresh(current, others)) return;
    throw rpcError('SESSION_TOO_FRESH_%d', current.created_date + FRESH_S - this.#deps.clock.now());
  }

  /** Describes the device of a caller: its main key, its name as the list of devices shows it, and whether the user has no other device. */
  async describeCaller({ userId, authKeyId }: UserKey): Promise<{ authKeyId: bigint; name: string; isOnly: boolean }> {
    const { current, others } = await this.#readDevices(userId, authKeyId);
    if (current === undefined) throw rpcError('AUTH_KEY_UNREGISTERED');
    const name = (await this.#findKeys([current.auth_key_id])).get(current.auth_key_id)?.device_model;
    return { authKeyId: current.auth_key_id, name: name || 'unknown device', isOnly: others.length === 0 };
  }

  /** Ends log-ins whose devices have not come yet from another data centre. @returns how many */
  async #endComing(userId: bigint, hash?: bigint): Promise<number> {
    return this.#deps.db.transact('end-coming-devices', (tx) => endComing(tx, userId, hash));
  }

  async #end(userId: bigint, rows: readonly AuthorizationRow[], from = 'from another one'): Promise<void> {
    const gone = await this.#deps.db.transact('reset-devices', (tx) => endAuthorizations(tx, userId, rows.map((row) => row.auth_key_id), { nowDate: this.#deps.clock.now(), revoked: true }));
    await this.#deps.states.keysDecided(gone, 'ended');
    for (const row of rows) this.#deps.log.info({ userId, authorization: row.hash }, `a device was logged out ${from}`);
  }

  /** The main key of the calling device. For a call with an exported authorisation, that is the device from which the authorisation was exported. */
  async #mainOf(q: Queries, userId: bigint, authKeyId: bigint): Promise<bigint> {
    const own = await q
      .selectFrom('authorizations')
      .select('main_auth_key_id')
      .where('user_id', '=', userId)
      .where('auth_key_id', '=', authKeyId)
      .executeTakeFirst();
    return own?.main_auth_key_id ?? authKeyId;
  }

  #listMain(q: Queries, userId: bigint): Promise<AuthorizationRow[]> {
    return q.selectFrom('authorizations').selectAll().where('user_id', '=', userId).where('main_auth_key_id', 'is', null).execute();
  }

  /** Reads all devices, and says which of them is calling. */
  async #readDevices(userId: bigint, currentAuthKeyId: bigint, q: Queries = this.#deps.db.q): Promise<Known> {
    const currentId = await this.#mainOf(q, userId, currentAuthKeyId);
    const rows = await this.#listMain(q, userId);
    return { rows, current: rows.find((row) => row.auth_key_id === currentId), others: rows.filter((row) => row.auth_key_id !== currentId) };
  }

  /** Whether the calling device is new and any of the others is older. A thief's new device must not be able to log out the owner's devices. */
  #isTooFresh(current: AuthorizationRow | undefined, others: readonly AuthorizationRow[]): boolean {
    if (current === undefined || current.created_date <= this.#deps.clock.now() - FRESH_S) return false;
    return others.some((other) => other.login_seq < current.login_seq);
  }

  async #findKeys(authKeyIds: readonly bigint[]): Promise<Map<bigint, DeviceKey>> {
    if (authKeyIds.length === 0) return new Map();
    const keys = await this.#deps.db.q.selectFrom('auth_keys').select(KEY_COLUMNS).where('auth_key_id', 'in', authKeyIds).execute();
    return new Map(keys.map((key) => [key.auth_key_id, key]));
  }

  #listWaiting(userId: bigint): Promise<DeviceKey[]> {
    return this.#deps.db.q
      .selectFrom('auth_keys')
      .select(KEY_COLUMNS)
      .where('pending_user_id', '=', userId)
      .where('user_id', 'is', null)
      .orderBy('pending_date', 'desc')
      .limit(MAX_WAITING)
      .execute();
  }

  async #endAttempt(userId: bigint, { auth_key_id: authKeyId, pending_hash: hash }: DeviceKey): Promise<void> {
    const ended = await this.#deps.db.transact('end-waiting-device', (tx) => endWaiting(tx, userId, { authKeyId, revoked: true }));
    await this.#deps.states.keysDecided(ended, 'ended');
    if (ended.length > 0) this.#deps.log.info({ userId, authorization: hash }, 'a log-in was stopped from another device');
  }
}
