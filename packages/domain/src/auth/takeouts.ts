import { rpcError } from '@aerogram/errors';

import { type ServiceChat, takeoutNotice } from '../service/index.ts';
import type { DomainDeps, UserKey } from '../shared/index.ts';
import { checkAuthorized } from './authorization-store.ts';
import type { Devices } from './devices.ts';
import { endTakeout, findTakeout, keepOtherData, lockTakeout, saveTakeout, type TakeoutRow } from './takeout-store.ts';
import { transactOrRefuse } from './transact-or-refuse.ts';

/** For how long after its wait a device may begin, and go on with, the export that it has asked for, in seconds. */
export const TAKEOUT_OPEN_S = 7 * 86_400;

type TakeoutDeps = Pick<DomainDeps, 'db' | 'clock' | 'random' | 'config'>;

/**
 * Exports of all data of an account. When a device asks for one, the service chat tells all devices of the account. If there are others, the device waits a
 * day by default before its export begins, so that the owner has time to log out a device that is not the owner's.
 * @see https://core.telegram.org/api/takeout
 */
export class Takeouts {
  readonly #deps: TakeoutDeps;
  readonly #parts: { serviceChat: ServiceChat; devices: Devices };

  constructor(deps: TakeoutDeps, parts: { serviceChat: ServiceChat; devices: Devices }) {
    this.#deps = deps;
    this.#parts = parts;
  }

  /**
   * Begins an export, in place of one that the device has begun before.
   * @returns the id of the export
   * @throws RpcError 401 AUTH_KEY_UNREGISTERED, 420 TAKEOUT_INIT_DELAY_%d (seconds)
   */
  async doBegin(caller: UserKey): Promise<bigint> {
    const { db, clock, random, config } = this.#deps;
    const { userId } = caller;
    const { authKeyId, name, isOnly } = await this.#parts.devices.describeCaller(caller);
    return transactOrRefuse(db, 'begin-takeout', async (tx) => {
      await checkAuthorized(tx, { userId, authKeyId });
      const nowDate = clock.now();
      const former = await lockTakeout(tx, { userId, authKeyId });
      const isNew = former === undefined || this.#isOver(former);
      const requested_date = isNew ? nowDate : former.requested_date;
      const readyDate = requested_date + (isOnly ? 0 : config.takeoutDelay);
      const isReady = readyDate <= nowDate;
      const takeout_id = isReady ? random.int63() : null;
      if (isNew) await this.#parts.serviceChat.order(tx, userId, takeoutNotice({ name, readyDate: isReady ? undefined : readyDate }));
      if (isNew || isReady) await saveTakeout(tx, { user_id: userId, auth_key_id: authKeyId, requested_date, takeout_id });
      return takeout_id ?? rpcError('TAKEOUT_INIT_DELAY_%d', readyDate - nowDate);
    });
  }

  /** Checks that this device has begun the export. @throws RpcError 400 TAKEOUT_INVALID */
  async check(caller: UserKey, takeoutId: bigint): Promise<void> {
    await this.#find(caller, takeoutId);
  }

  /**
   * Returns the file with data that no other method returns, always the same bytes for one export.
   * @param make makes it when it is asked for first
   * @throws RpcError 400 TAKEOUT_INVALID
   */
  async readOtherData(caller: UserKey, takeoutId: bigint, make: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const row = await this.#find(caller, takeoutId);
    if (row.other_data !== null) return row.other_data;
    const made = await make();
    const kept = await this.#deps.db.transact('keep-other-data', (tx) => keepOtherData(tx, caller.userId, takeoutId, made));
    return kept ?? rejectTakeout();
  }

  /**
   * Ends an export.
   * @param isDone false: the device may begin another one without waiting again
   */
  async doFinish(userId: bigint, takeoutId: bigint, isDone: boolean): Promise<void> {
    await this.#deps.db.transact('end-takeout', (tx) => endTakeout(tx, { userId, takeoutId, isDone }));
  }

  async #find(caller: UserKey, takeoutId: bigint): Promise<TakeoutRow> {
    const row = await findTakeout(this.#deps.db, caller.userId, takeoutId);
    if (row === undefined || this.#isOver(row)) return rejectTakeout();
    // The calls may come by an authorisation that was exported for files.
    const isSame = row.auth_key_id === caller.authKeyId || row.auth_key_id === (await this.#parts.devices.describeCaller(caller)).authKeyId;
    return isSame ? row : rejectTakeout();
  }

  #isOver({ requested_date }: TakeoutRow): boolean {
    return this.#deps.clock.now() >= requested_date + this.#deps.config.takeoutDelay + TAKEOUT_OPEN_S;
  }
}

function rejectTakeout(): never {
  throw rpcError('TAKEOUT_INVALID');
}
