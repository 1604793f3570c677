import { rpcError } from '@aerogram/errors';
import { verifyBinding } from '@aerogram/mtproto';
import type { Database } from '@aerogram/storage';

import { saveBinding } from './auth-key-store.ts';
import type { KeyStates } from './key-state.ts';

export interface BindRequest {
  /** The temporary key with which the call was made; `sessionId` and `msgId` are those of the call too. */
  authKeyId: bigint;
  sessionId: bigint;
  msgId: bigint;
  permAuthKeyId: bigint;
  nonce: bigint;
  /** When the binding expires, in unix seconds. */
  expires_date: number;
  encrypted: Uint8Array;
}

/**
 * Binds a temporary key to a permanent one. From then on the key expires with the binding, if that is sooner. A repeated binding changes
 * nothing.
 * @throws RpcError 400 TEMP_AUTH_KEY_EMPTY, ENCRYPTED_MESSAGE_INVALID, EXPIRES_AT_INVALID, TEMP_AUTH_KEY_ALREADY_BOUND
 * @see https://core.telegram.org/method/auth.bindTempAuthKey
 */
export async function doBindTempAuthKey(
  deps: { db: Database; states: KeyStates; nowDate: number },
  request: BindRequest,
): Promise<void> {
  const { db, states, nowDate } = deps;
  const rows = await db.q
    .selectFrom('auth_keys')
    .select(['auth_key_id', 'auth_key', 'kind', 'perm_auth_key_id', 'expires_date'])
    .where('auth_key_id', 'in', [request.authKeyId, request.permAuthKeyId])
    .execute();
  const temp = rows.find((row) => row.auth_key_id === request.authKeyId);
  const perm = rows.find((row) => row.auth_key_id === request.permAuthKeyId);
  if (!temp || temp.kind !== 1) throw rpcError('TEMP_AUTH_KEY_EMPTY');
  if (!perm || perm.kind !== 0) throw rpcError('ENCRYPTED_MESSAGE_INVALID');
  const proves = verifyBinding(perm.auth_key, request.encrypted, {
    permAuthKeyId: request.permAuthKeyId,
    tempAuthKeyId: request.authKeyId,
    tempSessionId: request.sessionId,
    nonce: request.nonce,
    expiresAt: request.expires_date,
    msgId: request.msgId,
  });
  if (!proves) throw rpcError('ENCRYPTED_MESSAGE_INVALID');
  if (request.expires_date <= nowDate) throw rpcError('EXPIRES_AT_INVALID');
  const endsSooner = temp.expires_date === null || request.expires_date < temp.expires_date;
  if (temp.perm_auth_key_id === request.permAuthKeyId && !endsSooner) return;
  await db.transact('bind-temp-key', async (tx) => {
    // Of two concurrent bindings only one succeeds; repeating that one is allowed.
    if (!(await saveBinding(tx, request))) throw rpcError('TEMP_AUTH_KEY_ALREADY_BOUND');
  });
  states.keysChanged([request.authKeyId]);
}
