import { openMessageV1, type RandomBytes, sealMessageV1 } from '@aerogram/crypto';
import { mtDecode, mtEncode } from '@aerogram/tl';
import { type AuthKey, packetKeyId } from './envelope.ts';

/** The values outside the encrypted message of `auth.bindTempAuthKey`; the encrypted message must contain the same ones. */
export interface Binding {
  permAuthKeyId: bigint;
  tempAuthKeyId: bigint;
  /** Session of the request, under the temporary key. */
  tempSessionId: bigint;
  nonce: bigint;
  /** Unix seconds. */
  expiresAt: number;
  /** msg_id of the request. */
  msgId: bigint;
}

/** random:16 msg_id:8 seq_no:4 length:4 */
const HEADER_BYTES = 32;

/**
 * Checks the encrypted message of `auth.bindTempAuthKey`, which proves that the client has the permanent key. It is encrypted with that key
 * as in MTProto 1.0, with the request's msg_id and seq_no 0.
 * @param permKey the stored key with the id `binding.permAuthKeyId`
 * @returns false when anything is wrong: the call is then answered with 400 ENCRYPTED_MESSAGE_INVALID.
 * @see https://core.telegram.org/method/auth.bindTempAuthKey
 */
export function verifyBinding(permKey: Uint8Array, encryptedMessage: Uint8Array, binding: Binding): boolean {
  if (encryptedMessage.length < 24 || packetKeyId(encryptedMessage) !== binding.permAuthKeyId) return false;
  const message = openMessageV1(permKey, encryptedMessage, 'to-server');
  if (!message || message.length < HEADER_BYTES) return false;
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  if (view.getBigInt64(16, true) !== binding.msgId || view.getInt32(24, true) !== 0) return false;
  const inner = decodeInner(message.subarray(HEADER_BYTES));
  return (
    inner?._ === 'bind_auth_key_inner' &&
    inner.nonce === binding.nonce &&
    inner.temp_auth_key_id === binding.tempAuthKeyId &&
    inner.perm_auth_key_id === binding.permAuthKeyId &&
    inner.temp_session_id === binding.tempSessionId &&
    inner.expires_at === binding.expiresAt
  );
}

function decodeInner(body: Uint8Array): ReturnType<typeof mtDecode> | undefined {
  try {
    return mtDecode(body);
  } catch {
    return undefined;
  }
}

/** Creates the encrypted message of `auth.bindTempAuthKey`, as a client does. */
export function encryptBinding(permKey: AuthKey, binding: Binding, random: RandomBytes): Uint8Array {
  const body = mtEncode({
    _: 'bind_auth_key_inner',
    nonce: binding.nonce,
    temp_auth_key_id: binding.tempAuthKeyId,
    perm_auth_key_id: binding.permAuthKeyId,
    temp_session_id: binding.tempSessionId,
    expires_at: binding.expiresAt,
  });
  const message = new Uint8Array(HEADER_BYTES + body.length);
  const view = new DataView(message.buffer);
  message.set(random.bytes(16), 0);
  view.setBigInt64(16, binding.msgId, true);
  view.setInt32(28, body.length, true);
  message.set(body, HEADER_BYTES);
  const padding = random.bytes((16 - (message.length % 16)) % 16);
  return sealMessageV1(permKey, message, padding, 'to-server');
}
