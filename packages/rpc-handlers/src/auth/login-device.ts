import type { LoginDevice } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';

/** The calling device in the form that log-in uses. */
export function loginDevice({ caller }: RpcContext): LoginDevice {
  return {
    permAuthKeyId: caller.permAuthKeyId,
    userId: caller.userId,
    pendingUserId: caller.pendingUserId,
    address: caller.remoteAddress,
    isForwarded: caller.isForwarded,
    init: caller.initConnection,
  };
}
