import type { Prover } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';

/** Whose password the call is about: the caller's, or the one that the caller's log-in waits for. @throws RpcError 401 AUTH_KEY_UNREGISTERED */
export function accessProver({ caller }: RpcContext): Prover {
  const userId = caller.userId ?? caller.pendingUserId;
  if (userId === undefined) throw rpcError('AUTH_KEY_UNREGISTERED');
  return { userId, authKeyId: caller.permAuthKeyId, loggingIn: caller.userId === undefined };
}
