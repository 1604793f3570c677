import { rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { DomainDeps } from '../deps.ts';
import type { KeyChange } from './authorization-store.ts';
import type { LogIn, LoginDevice } from './log-in.ts';
import type { PasswordProofs } from './password-proof.ts';
import type { PasswordRecovery } from './password-recovery.ts';
import { transactOrRefuse } from './transact-or-refuse.ts';

/** Finishes log-ins that wait for the password. */
export interface SecondFactor {
  /**
   * Logs the device in whose password was awaited. One that is in already only has its password checked.
   * @throws RpcError 400 PASSWORD_HASH_INVALID, SRP_ID_INVALID, 401 AUTH_KEY_UNREGISTERED, 420 FLOOD_WAIT
   */
  doCheckPassword(device: LoginDevice, proof: tl.InputCheckPasswordSRP): Promise<bigint>;
  /** The same by the code sent to the recovery address. @throws RpcError 400 CODE_INVALID, PASSWORD_RECOVERY_EXPIRED, 420 FLOOD_WAIT */
  doRecoverPassword(device: LoginDevice, code: string, settings: tl.account.passwordInputSettings | undefined): Promise<bigint>;
}

/** Makes the second factor. */
export function createSecondFactor(
  deps: Pick<DomainDeps, 'db'>,
  parts: { logIn: LogIn; proofs: PasswordProofs; recovery: PasswordRecovery },
): SecondFactor {
  const { logIn, proofs, recovery } = parts;

  const finish = async (
    device: LoginDevice,
    name: string,
    findRefusal: (tx: Tx, userId: bigint) => ReturnType<PasswordRecovery['recover']>,
  ): Promise<bigint> => {
    const userId = device.userId ?? device.pendingUserId;
    if (userId === undefined) throw rpcError('AUTH_KEY_UNREGISTERED');
    const { change } = await transactOrRefuse<{ change: KeyChange | undefined }>(deps.db, name, async (tx) => {
      const refusal = await findRefusal(tx, userId);
      if (refusal) return refusal;
      if (device.userId !== undefined) return { change: undefined };
      const key = await tx.q.selectFrom('auth_keys').select(['user_id', 'pending_user_id']).where('auth_key_id', '=', device.permAuthKeyId).forUpdate().executeTakeFirst();
      // Logged out, or another account's code was shown meanwhile.
      if (key?.user_id !== userId && key?.pending_user_id !== userId) throw rpcError('AUTH_KEY_UNREGISTERED');
      return { change: await logIn.authorize(tx, device, userId) };
    });
    if (change) logIn.announce(device, userId, change);
    return userId;
  };

  return {
    doCheckPassword: (device, proof) =>
      finish(device, 'check-password', (tx, userId) =>
        proofs.findRefusal(tx, { userId, authKeyId: device.permAuthKeyId, loggingIn: device.userId === undefined }, proof),
      ),
    doRecoverPassword: (device, code, settings) =>
      finish(device, 'recover-password', (tx, userId) => recovery.recover(tx, userId, code, settings)),
  };
}
