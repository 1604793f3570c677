import { userTopic } from '@aerogram/bus';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { UserHint } from '../events/index.ts';
import { testCodeOf } from '../peers/index.ts';
import { newLoginNotice, type ServiceChat } from '../service/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { authorizeKey, awaitPassword, type KeyChange } from './authorization-store.ts';
import { describePlace } from './describe-place.ts';
import type { ConnectionInit, KeyStates } from './key-state.ts';
import { findPassword } from './password-store.ts';

/** The device that logs in. */
export interface LoginDevice {
  permAuthKeyId: bigint;
  /** Who it speaks for before the call. */
  userId: bigint | undefined;
  /** Whose password it still has to show. */
  pendingUserId: bigint | undefined;
  address: string;
  init: ConnectionInit | undefined;
}

/** What a first factor came to. */
export interface Entry extends KeyChange {
  /** The key speaks for nobody until the password is shown. */
  passwordNeeded: boolean;
}

type EnteringDevice = Pick<LoginDevice, 'permAuthKeyId' | 'address' | 'init'>;

/** How a key came to speak for a user. `qr`: another device of the user let it in; `sign_up`: the account was made by this log-in. */
export type LogInWay = 'code' | 'email_code' | 'passkey' | 'qr' | 'sign_up' | 'password' | 'recovery_code';

/** The last steps of every way to log in. */
export interface LogIn {
  /** The first factor was right: logs the key in, or waits for the password. A key that is in already stays as it is. */
  enter(tx: Tx, device: EnteringDevice, userId: bigint, by: { how: LogInWay }): Promise<Entry>;
  /** All factors were right. Orders the notice of the new device. */
  authorize(tx: Tx, device: EnteringDevice, userId: bigint, by: { how: LogInWay }): Promise<KeyChange>;
  /** After commit: caches forget what the keys were, devices that are online are told of the new one. */
  announce(device: EnteringDevice, userId: bigint, change: KeyChange): void;
}

/** Makes the last steps. */
export function createLogIn(deps: DomainDeps, parts: { states: KeyStates; serviceChat: ServiceChat }): LogIn {
  const { bus, clock, random, config, log } = deps;
  const { states, serviceChat } = parts;

  const orderNotice = async (tx: Tx, { permAuthKeyId, address }: EnteringDevice, userId: bigint): Promise<void> => {
    const user = await tx.q.selectFrom('users').select('phone').where('user_id', '=', userId).executeTakeFirst();
    // Test numbers are silent: automated clients see only what they caused themselves.
    if (config.testMode && testCodeOf(user?.phone ?? '') !== undefined) return;
    // Of the key: who accepts a QR code knows nothing of the device that shows it.
    const key = await tx.q.selectFrom('auth_keys').select(['device_model', 'api_id', 'app_version']).where('auth_key_id', '=', permAuthKeyId).executeTakeFirst();
    const name = key?.device_model || 'unknown device';
    const app = key && key.api_id !== null ? `app ${key.api_id} ${key.app_version}` : 'unknown app';
    await serviceChat.order(tx, userId, newLoginNotice({ name, app, place: describePlace(address), address, date: clock.now() }));
  };

  const authorize: LogIn['authorize'] = async (tx, device, userId, { how }) => {
    const change = await authorizeKey(tx, {
      // Who let a device in need not be asked whether it was them.
      unconfirmed: how !== 'qr' && how !== 'sign_up',
      withPassword: how === 'password',
      userId,
      authKeyId: device.permAuthKeyId,
      hash: random.int63(),
      address: device.address,
      nowDate: clock.now(),
    });
    if (!change.fresh) return change;
    if (how !== 'sign_up') await orderNotice(tx, device, userId);
    const { hash } = change;
    tx.afterCommit(() => log.info({ userId, authorization: hash, how }, how === 'sign_up' ? 'an account was made' : 'a device logged in'));
    return change;
  };

  /** Tells the other devices that are online: they ask their user about a device that nobody let in, and show the other in the list. */
  const tellOthers = (device: Pick<LoginDevice, 'init' | 'address'>, userId: bigint, hash: bigint, unconfirmed: boolean): void => {
    const asked = { unconfirmed: true, date: clock.now(), device: device.init?.deviceModel ?? '', location: `${describePlace(device.address)}, ${device.address}` } as const;
    const update: tl.updateNewAuthorization = { _: 'updateNewAuthorization', hash, ...(unconfirmed ? asked : {}) };
    bus.publish(userTopic(userId), { kind: 'transient', owner: userId, update } satisfies UserHint);
  };

  return {
    async enter(tx, device, userId, by) {
      const password = await findPassword(tx.q, userId);
      const { permAuthKeyId: authKeyId, address } = device;
      const hash = random.int63();
      const waiting = password && (await awaitPassword(tx, { userId, authKeyId, hash, address, nowDate: clock.now() }));
      if (!waiting) return { ...(await authorize(tx, device, userId, by)), passwordNeeded: false };
      tx.afterCommit(() => log.info({ userId, authorization: hash, how: by.how }, 'a device waits for the password'));
      return { ...waiting, passwordNeeded: true };
    },
    authorize,
    announce(device, userId, change) {
      // Before the key is known to be the user's, so that it is not asked about itself.
      if (change.hash !== undefined) tellOthers(device, userId, change.hash, change.unconfirmed === true);
      states.keysChanged(change.ended, 'ended');
      states.keysChanged([device.permAuthKeyId], 'changed');
    },
  };
}
