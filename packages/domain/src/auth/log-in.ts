import { rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { publishTransient } from '../events/index.ts';
import { testCodeOf } from '../peers/index.ts';
import { newLoginNotice, type ServiceChat } from '../service/index.ts';
import { allDecided, type DomainDeps } from '../shared/index.ts';
import { authorizeKey, awaitPassword, type KeyChange } from './authorization-store.ts';
import { checkNotBanned } from './ban-store.ts';
import { describePlace } from './describe-place.ts';
import { holdCompanyState } from './company-account-store.ts';
import type { ConnectionInit, KeyStates } from './key-state.ts';
import { type LogInWay, tellLogIn } from './log-in-events.ts';
import { findPassword } from './password-store.ts';

/** The device that is logging in. */
export interface LoginDevice {
  permAuthKeyId: bigint;
  /** The user as whom it was logged in before the call. */
  userId: bigint | undefined;
  /** The user whose password it has yet to prove. */
  pendingUserId: bigint | undefined;
  address: string;
  /** It seems to be on this machine, but may be elsewhere: behind a proxy that nobody has named, or led here by a page. */
  isForwarded?: boolean | undefined;
  init: ConnectionInit | undefined;
}

/** The result of a first factor. */
export interface Entry extends KeyChange {
  /** The key is not logged in until the password is proved. */
  passwordNeeded: boolean;
}

/** How a device logs in. */
interface EntryWay {
  how: LogInWay;
  /** The hash of the new authorisation, if somebody was told of it before. */
  hash?: bigint | undefined;
}

type EnteringDevice = Pick<LoginDevice, 'permAuthKeyId' | 'address' | 'init'>;

/** The last steps that all ways to log in share. */
export interface LogIn {
  /**
   * Called when the first factor was right: logs the key in, or lets it wait for the password. A key that is logged in already stays
   * unchanged.
   * @throws RpcError 400 PHONE_NUMBER_BANNED
   */
  enter(tx: Tx, device: EnteringDevice, userId: bigint, by: EntryWay): Promise<Entry>;
  /**
   * Called when all factors were right: logs the key in and enqueues the notice about the new device.
   * @throws RpcError 400 PHONE_NUMBER_BANNED
   */
  authorize(tx: Tx, device: EnteringDevice, userId: bigint, by: EntryWay): Promise<KeyChange>;
  /** After the commit: invalidates the cached states of the keys and tells the user's online devices about the new one. */
  announce(device: EnteringDevice, userId: bigint, change: KeyChange): Promise<void>;
}

/** Creates the last steps of logging in. */
export function createLogIn(deps: DomainDeps, parts: { states: KeyStates; serviceChat: ServiceChat }): LogIn {
  const { bus, clock, random, config, log } = deps;
  const { states, serviceChat } = parts;

  const orderNotice = async (tx: Tx, { permAuthKeyId, address }: EnteringDevice, userId: bigint): Promise<void> => {
    const user = await tx.q.selectFrom('users').select('phone').where('user_id', '=', userId).executeTakeFirst();
    // No notice for test numbers, because automated clients expect to see only the effects of their own calls.
    if (config.testMode && testCodeOf(user?.phone ?? '') !== undefined) return;
    // Read from the key, because the device that accepts a QR code knows nothing about the device that shows it.
    const key = await tx.q.selectFrom('auth_keys').select(['device_model', 'api_id', 'app_version']).where('auth_key_id', '=', permAuthKeyId).executeTakeFirst();
    const name = key?.device_model || 'unknown device';
    const app = key && key.api_id !== null ? `app ${key.api_id} ${key.app_version}` : 'unknown app';
    await serviceChat.order(tx, userId, newLoginNotice({ name, app, place: describePlace(address), address, date: clock.now() }));
  };

  /**
   * Nobody gets into an account with a banned number, or of a person whom the company's provider does not let in any more, by any factor. Somebody in
   * the state `unsure`, whom the provider could not confirm, gets in: such people are not logged out either. `mayEnter`, which shows codes in a browser, refuses them,
   * because they can log in at the provider there, which settles it.
   */
  const checkMayEnter = async (tx: Tx, userId: bigint): Promise<void> => {
    await checkNotBanned(tx, userId);
    if ((await holdCompanyState(tx, userId)) === 'ended') throw rpcError('PHONE_NUMBER_BANNED');
  };

  const admit: LogIn['authorize'] = async (tx, device, userId, { how, hash: told }) => {
    const change = await authorizeKey(tx, {
      // No confirmation is needed if another device accepted the log-in, or if the account is new.
      unconfirmed: how !== 'qr' && how !== 'sign_up',
      withPassword: how === 'password',
      userId,
      authKeyId: device.permAuthKeyId,
      hash: told ?? random.int63(),
      address: device.address,
      nowDate: clock.now(),
    });
    if (!change.fresh) return change;
    if (how !== 'sign_up') await orderNotice(tx, device, userId);
    const { hash } = change;
    tx.afterCommit(() => tellLogIn(deps, { userId, authorization: hash, how, address: device.address }));
    return change;
  };

  /**
   * Tells the user's other online devices about the new one: they add it to their list, and if it is unconfirmed they ask the user about
   * it.
   */
  const tellOthers = (device: Pick<LoginDevice, 'init' | 'address'>, userId: bigint, hash: bigint, unconfirmed: boolean): void => {
    const asked = { unconfirmed: true, date: clock.now(), device: device.init?.deviceModel ?? '', location: `${describePlace(device.address)}, ${device.address}` } as const;
    const update: tl.updateNewAuthorization = { _: 'updateNewAuthorization', hash, ...(unconfirmed ? asked : {}) };
    publishTransient(bus, userId, update);
  };

  return {
    async enter(tx, device, userId, by) {
      await checkMayEnter(tx, userId);
      const password = await findPassword(tx.q, userId);
      const { permAuthKeyId: authKeyId, address } = device;
      const hash = by.hash ?? random.int63();
      const waiting = password && (await awaitPassword(tx, { userId, authKeyId, hash, address, nowDate: clock.now() }));
      if (!waiting) return { ...(await admit(tx, device, userId, by)), passwordNeeded: false };
      tx.afterCommit(() => log.info({ userId, authorization: hash, how: by.how }, 'a device waits for the password'));
      return { ...waiting, passwordNeeded: true };
    },
    async authorize(tx, device, userId, by) {
      await checkMayEnter(tx, userId);
      return admit(tx, device, userId, by);
    },
    async announce(device, userId, change) {
      // Published before the key's state changes, so that the new device is not asked about itself.
      if (change.hash !== undefined) tellOthers(device, userId, change.hash, change.unconfirmed === true);
      await allDecided([states.keysDecided(change.ended, 'ended'), states.keysDecided([device.permAuthKeyId], 'user')]);
    },
  };
}
