import { RpcError, rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { DomainDeps, UserKey } from '../shared/index.ts';
import { checkAuthorized, type KeyChange } from './authorization-store.ts';
import type { KeyStates } from './key-state.ts';
import type { LogIn, LoginDevice } from './log-in.ts';
import type { PasswordProofs } from './password-proof.ts';
import type { PasswordRecovery } from './password-recovery.ts';
import { transactOrRefuse } from './transact-or-refuse.ts';

/** Completes log-ins that wait for the password. */
export interface SecondFactor {
  /**
   * Logs in the device that waits for a password. For a device that is logged in already, only checks the password.
   * @param requestHash SHA-256 of the whole call; see {@link Prover}
   * @throws RpcError 400 PASSWORD_HASH_INVALID, SRP_ID_INVALID, 401 AUTH_KEY_UNREGISTERED, 420 FLOOD_WAIT
   */
  doCheckPassword(device: LoginDevice, proof: tl.InputCheckPasswordSRP, requestHash: Uint8Array): Promise<bigint>;
  /**
   * Same as {@link doCheckPassword}, with the code sent to the recovery address.
   * @throws RpcError 400 CODE_INVALID, PASSWORD_RECOVERY_EXPIRED, 420 FLOOD_WAIT
   */
  doRecoverPassword(device: LoginDevice, code: string, settings: tl.account.passwordInputSettings | undefined): Promise<bigint>;
}

/** Creates the second factor. */
export function createSecondFactor(
  deps: Pick<DomainDeps, 'db'>,
  parts: { logIn: LogIn; proofs: PasswordProofs; recovery: PasswordRecovery; states: KeyStates },
): SecondFactor {
  const { logIn, proofs, recovery, states } = parts;

  /**
   * Completes a log-in.
   * @param show checks the second factor; returns other keys that it ended, or the error to answer
   */
  const finish = async (
    device: LoginDevice,
    how: 'password' | 'recovery_code',
    show: (tx: Tx, asker: UserKey) => Promise<readonly bigint[] | RpcError>,
  ): Promise<bigint> => {
    const userId = device.userId ?? device.pendingUserId;
    if (userId === undefined) throw rpcError('AUTH_KEY_UNREGISTERED');
    const asker = { userId, authKeyId: device.permAuthKeyId };
    const outcome = await transactOrRefuse<{ ended: readonly bigint[]; change: KeyChange | undefined }>(deps.db, `log-in-by-${how}`, async (tx) => {
      // The device may have been logged out meanwhile, or have entered a code for another account.
      await checkAuthorized(tx, asker);
      const ended = await show(tx, asker);
      if (ended instanceof RpcError) return ended;
      return { ended, change: device.userId === undefined ? await logIn.authorize(tx, device, userId, { how }) : undefined };
    });
    await states.keysDecided(outcome.ended, 'ended');
    if (outcome.change) await logIn.announce(device, userId, outcome.change);
    return userId;
  };

  return {
    doCheckPassword: (device, proof, requestHash) =>
      finish(device, 'password', async (tx, asker) => (await proofs.findRefusal(tx, { ...asker, loggingIn: device.userId === undefined, address: device.address, requestHash }, proof)) ?? []),
    doRecoverPassword: (device, code, settings) => finish(device, 'recovery_code', (tx, asker) => recovery.recover(tx, { ...asker, loggingIn: device.userId === undefined, address: device.address }, code, settings)),
  };
}
