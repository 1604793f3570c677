import type { SecretDevice } from '@aerogram/domain';
import type { MethodLimits, RpcContext } from '@aerogram/rpc';

/** The device that calls about its secret chats. */
export function secretDeviceOf({ userId, caller }: RpcContext): SecretDevice {
  return { userId, authKeyId: caller.permAuthKeyId };
}

/** Limits of a call that carries an encrypted message. */
export const SECRET_DATA_LIMITS: MethodLimits = { maxBytes: 160 * 1024, bytes: { data: { max: 64 * 1024, error: 'DATA_TOO_LONG' } } };
