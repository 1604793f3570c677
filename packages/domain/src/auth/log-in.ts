import { userTopic } from '@aerogram/bus';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { DomainDeps } from '../deps.ts';
import { newLoginNotice } from '../service/notices.ts';
import type { ServiceChat } from '../service/service-chat.ts';
import type { UserHint } from '../updates/box-event.ts';
import { authorizeKey, awaitPassword, type KeyChange } from './authorization-store.ts';
import type { ConnectionInit, KeyStates } from './key-state.ts';
import { findPassword } from './password-store.ts';
import { testCodeOf } from './phone-number.ts';

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

/** `invited`: another device of the user let this one in; `newcomer`: the account was made by this log-in. Neither needs a notice. */
export type Welcome = 'invited' | 'newcomer';

/** The last steps of every way to log in. */
export interface LogIn {
  /** The first factor was right: logs the key in, or waits for the password. A key that is in already stays as it is. */
  enter(tx: Tx, device: EnteringDevice, userId: bigint, welcome?: Welcome): Promise<Entry>;
  /** All factors were right. Orders the notice of the new device. */
  authorize(tx: Tx, device: EnteringDevice, userId: bigint, welcome?: Welcome): Promise<KeyChange>;
  /** After commit: caches forget what the keys were, devices that are online are asked about the new one. */
  announce(device: EnteringDevice, userId: bigint, change: KeyChange): void;
}

/** Makes the last steps. */
export function createLogIn(deps: DomainDeps, parts: { states: KeyStates; serviceChat: ServiceChat }): LogIn {
  const { bus, clock, random, config } = deps;
  const { states, serviceChat } = parts;

  const orderNotice = async (tx: Tx, { init, address }: EnteringDevice, userId: bigint): Promise<void> => {
    const user = await tx.q.selectFrom('users').select('phone').where('user_id', '=', userId).executeTakeFirst();
    // Test numbers are silent: automated clients see only what they caused themselves.
    if (config.testMode && testCodeOf(user?.phone ?? '') !== undefined) return;
    const name = init?.deviceModel ?? 'unknown device';
    const app = init ? `app ${init.apiId} ${init.appVersion}` : 'unknown app';
    await serviceChat.order(tx, userId, newLoginNotice({ name, app, address, date: clock.now() }));
  };

  const authorize: LogIn['authorize'] = async (tx, device, userId, welcome) => {
    const change = await authorizeKey(tx, {
      unconfirmed: welcome === undefined,
      userId,
      authKeyId: device.permAuthKeyId,
      hash: random.int63(),
      address: device.address,
      nowDate: clock.now(),
    });
    if (change.fresh && welcome === undefined) await orderNotice(tx, device, userId);
    return change;
  };

  const askOthers = (device: Pick<LoginDevice, 'init' | 'address'>, userId: bigint, hash: bigint): void => {
    const update: tl.updateNewAuthorization = {
      _: 'updateNewAuthorization',
      unconfirmed: true,
      hash,
      date: clock.now(),
      device: device.init?.deviceModel ?? '',
      location: device.address,
    };
    bus.publish(userTopic(userId), { kind: 'transient', owner: userId, update } satisfies UserHint);
  };

  return {
    async enter(tx, device, userId, welcome) {
      const password = await findPassword(tx.q, userId);
      const { permAuthKeyId: authKeyId, address } = device;
      const wanted = { userId, authKeyId, hash: random.int63(), address, nowDate: clock.now() };
      const waiting = password && (await awaitPassword(tx, wanted));
      if (waiting) return { ...waiting, passwordNeeded: true };
      return { ...(await authorize(tx, device, userId, welcome)), passwordNeeded: false };
    },
    authorize,
    announce(device, userId, change) {
      // Before the key is known to be the user's, so that it is not asked about itself.
      if (change.unconfirmedHash !== undefined) askOthers(device, userId, change.unconfirmedHash);
      states.keysChanged(change.ended, 'ended');
      states.keysChanged([device.permAuthKeyId], 'changed');
    },
  };
}
