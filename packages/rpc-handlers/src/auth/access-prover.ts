import { sha256 } from '@aerogram/crypto';
import type { Prover, UserKey } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import { encode, type tl } from '@aerogram/tl';

/**
 * Returns the caller's key with its user, or with the user whose password the log-in waits for.
 * @throws RpcError 401 AUTH_KEY_UNREGISTERED
 */
export function accessUserKey({ caller }: RpcContext): UserKey {
  const userId = caller.userId ?? caller.pendingUserId;
  if (userId === undefined) throw rpcError('AUTH_KEY_UNREGISTERED');
  return { userId, authKeyId: caller.permAuthKeyId };
}

/**
 * Like `accessUserKey`, with the hash of the call, because a proof of the password is valid for one call only.
 * @throws RpcError 401 AUTH_KEY_UNREGISTERED
 */
export function accessProver(ctx: RpcContext, request: tl.AnyMethod): Prover {
  return { ...accessUserKey(ctx), loggingIn: ctx.caller.userId === undefined, address: ctx.caller.remoteAddress, requestHash: hashOfRequest(request) };
}

/** SHA-256 of a call encoded in the newest layer. */
export function hashOfRequest(request: tl.AnyMethod): Uint8Array {
  return sha256(encode(request));
}
