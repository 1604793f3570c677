import type { SecretDevice } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';

/** The device that calls about its secret chats. */
export function secretDeviceOf({ userId, caller }: RpcContext): SecretDevice {
  return { userId, authKeyId: caller.permAuthKeyId };
}

/** Limits of a call that carries an encrypted message. A longer one gets the protocol's error from the domain. */
export const SECRET_DATA_LIMITS = { maxBytes: 160 * 1024, bytes: { data: 128 * 1024 } };
