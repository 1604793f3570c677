import { igeDecrypt, messageKeysV1, msgKeyV1 } from '@aerogram/crypto';
import { rpcError } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';
import { mtDecode, TlError, type mt } from '@aerogram/tl';
import { timingSafeEqual } from 'node:crypto';

import type { KeyStates } from './key-state.ts';

export interface BindRequest {
  /** The temporary key that the call came with, its session and msg_id. */
  authKeyId: bigint;
  sessionId: bigint;
  msgId: bigint;
  permAuthKeyId: bigint;
  nonce: bigint;
  /** End of the binding, unix seconds. */
  expires_date: number;
  encrypted: Uint8Array;
}

/** random (16) + msg_id (8) + seqno (4) + length (4) */
const HEADER_BYTES = 32;
const INNER_BYTES = 40;

/**
 * Binds a temporary key to a permanent one. Repeating a binding that stands is harmless.
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
  const inner = openBinding(perm.auth_key, request);
  const agrees =
    inner.nonce === request.nonce &&
    inner.temp_auth_key_id === request.authKeyId &&
    inner.perm_auth_key_id === request.permAuthKeyId &&
    inner.temp_session_id === request.sessionId &&
    inner.expires_at === request.expires_date;
  if (!agrees) throw rpcError('ENCRYPTED_MESSAGE_INVALID');
  if (request.expires_date <= nowDate) throw rpcError('EXPIRES_AT_INVALID');
  if (temp.perm_auth_key_id === request.permAuthKeyId) return;
  if (temp.perm_auth_key_id !== null) throw rpcError('TEMP_AUTH_KEY_ALREADY_BOUND');
  await db.transact('bind-temp-key', async (tx) => {
    await tx.q
      .updateTable('auth_keys')
      .set({ perm_auth_key_id: request.permAuthKeyId })
      .where('auth_key_id', '=', request.authKeyId)
      .where('perm_auth_key_id', 'is', null)
      .execute();
  });
  states.keysChanged([request.authKeyId], 'changed');
}

/** Opens the message that proves knowledge of the permanent key: MTProto 1.0 encryption, checked whole. */
function openBinding(permKey: Uint8Array, request: BindRequest): mt.bind_auth_key_inner {
  const invalid = rpcError('ENCRYPTED_MESSAGE_INVALID');
  const bytes = Buffer.from(request.encrypted.buffer, request.encrypted.byteOffset, request.encrypted.byteLength);
  const bodyBytes = bytes.length - 24;
  if (bodyBytes < HEADER_BYTES + INNER_BYTES || bodyBytes > 256 || bodyBytes % 16 !== 0) throw invalid;
  if (bytes.readBigInt64LE(0) !== request.permAuthKeyId) throw invalid;
  const msgKey = bytes.subarray(8, 24);
  const { key, iv } = messageKeysV1(permKey, msgKey, 'to-server');
  const plain = Buffer.from(igeDecrypt(bytes.subarray(24), key, iv));
  const length = plain.readInt32LE(28);
  const expected = msgKeyV1(plain.subarray(0, HEADER_BYTES + INNER_BYTES));
  if (length !== INNER_BYTES || !timingSafeEqual(expected, msgKey)) throw invalid;
  if (plain.readBigInt64LE(16) !== request.msgId) throw invalid;
  const inner = readInner(plain.subarray(HEADER_BYTES, HEADER_BYTES + INNER_BYTES));
  if (!inner) throw invalid;
  return inner;
}

function readInner(bytes: Uint8Array): mt.bind_auth_key_inner | undefined {
  try {
    const inner = mtDecode(bytes);
    return inner._ === 'bind_auth_key_inner' ? inner : undefined;
  } catch (error) {
    if (error instanceof TlError) return undefined;
    throw error;
  }
}
