import { userTopic } from '@aerogram/bus';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { DomainDeps } from '../deps.ts';
import { newLoginNotice, type ServiceChat } from '../service/notices.ts';
import type { UserHint } from '../updates/box-event.ts';
import type { Users } from '../users/users.ts';
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

type EnteringDevice = Pick<LoginDevice, 'permAuthKeyId' | 'address'>;

/** The last steps of every way to log in. */
export interface LogIn {
  /** The first factor was right: logs the key in, or waits for the password. A key that is in already stays as it is. `confirmed`: another device of the user let it in. */
  enter(tx: Tx, device: EnteringDevice, userId: bigint, confirmed?: boolean): Promise<Entry>;
  /** All factors were right. */
  authorize(tx: Tx, device: EnteringDevice, userId: bigint): Promise<KeyChange>;
  /** After commit: caches forget what the keys were, other devices hear of the new one. */
  announce(device: Omit<LoginDevice, 'userId' | 'pendingUserId'>, userId: bigint, change: KeyChange): Promise<void>;
  /** As {@link LogIn.announce}, for an account that was made by this log-in or a key that still waits for the password. */
  announceQuietly(device: EnteringDevice, change: KeyChange): void;
}

/** Makes the last steps. */
export function createLogIn(deps: DomainDeps, parts: { users: Users; states: KeyStates; serviceChat: ServiceChat }): LogIn {
  const { bus, clock, random, config } = deps;
  const { users, states, serviceChat } = parts;

  const authorize = (tx: Tx, device: EnteringDevice, userId: bigint, confirmed = false): Promise<KeyChange> =>
    authorizeKey(tx, {
      unconfirmed: !confirmed,
      userId,
      authKeyId: device.permAuthKeyId,
      hash: random.int63(),
      address: device.address,
      nowDate: clock.now(),
    });

  const announceQuietly = (device: EnteringDevice, change: KeyChange): void => {
    states.keysChanged(change.ended, 'ended');
    states.keysChanged([device.permAuthKeyId], 'changed');
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
    async enter(tx, device, userId, confirmed) {
      const password = await findPassword(tx.q, userId);
      const { permAuthKeyId: authKeyId, address } = device;
      const wanted = { userId, authKeyId, hash: random.int63(), address, nowDate: clock.now() };
      const waiting = password && (await awaitPassword(tx, wanted));
      if (waiting) return { ...waiting, passwordNeeded: true };
      return { ...(await authorize(tx, device, userId, confirmed)), passwordNeeded: false };
    },
    authorize,
    async announce(device, userId, change) {
      // Before the key is known to be the user's, so that it is not asked about itself.
      if (change.unconfirmedHash !== undefined) askOthers(device, userId, change.unconfirmedHash);
      announceQuietly(device, change);
      if (!change.fresh) return;
      const user = await users.findRow(userId);
      // Test numbers are silent: automated clients see only what they caused themselves.
      if (config.testMode && testCodeOf(user?.phone ?? '') !== undefined) return;
      await serviceChat.send(
        userId,
        newLoginNotice({
          name: device.init?.deviceModel ?? 'unknown device',
          app: device.init ? `app ${device.init.apiId} ${device.init.appVersion}` : 'unknown app',
          address: device.address,
          date: clock.now(),
        }),
      );
    },
    announceQuietly,
  };
}
