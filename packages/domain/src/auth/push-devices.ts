import { rpcError } from '@aerogram/errors';
import type { Clock } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

import { deletePushDevices, savePushDevice, savePushLock } from './push-device-store.ts';

/** A push token with which a device gets notifications while its app is closed. */
export interface PushToken {
  tokenType: number;
  token: string;
  secret: Uint8Array;
  sandbox: boolean;
  noMuted: boolean;
}

/** Tokens of push services. They are deleted with the device's authorisation. */
export interface PushDevices {
  /**
   * Stores the device's token for a push service, replacing the previous one.
   * @throws RpcError 400 TOKEN_TYPE_INVALID, TOKEN_EMPTY, TOKEN_INVALID
   */
  doRegisterPush(userId: bigint, authKeyId: bigint, token: PushToken): Promise<void>;
  /** Deletes a token of this device, and of other accounts in the same app. */
  doUnregisterPush(userIds: readonly bigint[], authKeyId: bigint, token: Pick<PushToken, 'tokenType' | 'token'>): Promise<void>;
  /** Sets after how many seconds the app locks itself; notifications then show no text. With 0 or less, the app does not lock. */
  doSetLocked(userId: bigint, authKeyId: bigint, periodS: number): Promise<void>;
}

/** See https://core.telegram.org/api/push-updates#subscribing-to-notifications */
const TOKEN_TYPES: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);

const TOKEN_MAX = 4096;
const SECRET_MAX = 256;

/** PostgreSQL text cannot contain NUL, and no push service uses it. */
const isToken = (token: string): boolean => token.length <= TOKEN_MAX && !token.includes('\u0000');

/** Creates the operations on push tokens. */
export function createPushDevices(deps: { db: Database; clock: Clock }): PushDevices {
  const { db, clock } = deps;
  return {
    async doRegisterPush(userId, authKeyId, { tokenType, token, secret, sandbox, noMuted }) {
      if (!TOKEN_TYPES.has(tokenType)) throw rpcError('TOKEN_TYPE_INVALID');
      if (token === '') throw rpcError('TOKEN_EMPTY');
      if (!isToken(token) || secret.length > SECRET_MAX) throw rpcError('TOKEN_INVALID');
      const change = { token, secret, sandbox, no_muted: noMuted, registered_date: clock.now() };
      await db.transact('register-push', (tx) => savePushDevice(tx, { user_id: userId, auth_key_id: authKeyId, token_type: tokenType, ...change }));
    },
    async doUnregisterPush(userIds, authKeyId, { tokenType, token }) {
      if (!isToken(token)) return;
      // Knowing the token is enough to delete it for other accounts of the app. A device may always delete its own.
      await db.transact('unregister-push', (tx) => deletePushDevices(tx, userIds, { authKeyId, tokenType, token }));
    },
    async doSetLocked(userId, authKeyId, periodS) {
      await db.transact('set-device-locked', (tx) => savePushLock(tx, userId, authKeyId, periodS > 0 ? periodS : null));
    },
  };
}
