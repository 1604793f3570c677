import { sha256 } from '@aerogram/crypto';
import type { Prover, UserKey } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import { encode, type tl } from '@aerogram/tl';

/** The caller's key with its user, or with the one whose password its log-in waits for. @throws RpcError 401 AUTH_KEY_UNREGISTERED */
export function accessUserKey({ caller }: RpcContext): UserKey {
  const userId = caller.userId ?? caller.pendingUserId;
  if (userId === undefined) throw rpcError('AUTH_KEY_UNREGISTERED');
  return { userId, authKeyId: caller.permAuthKeyId };
}

/** The same with the hash of the call: a proof of the password is good for one call only. @throws RpcError 401 AUTH_KEY_UNREGISTERED */
export function accessProver(ctx: RpcContext, request: tl.AnyMethod): Prover {
  return { ...accessUserKey(ctx), loggingIn: ctx.caller.userId === undefined, requestHash: hashOfRequest(request) };
}

/** SHA-256 of a call in the newest layer's form. */
export function hashOfRequest(request: tl.AnyMethod): Uint8Array {
  return sha256(encode(request));
}
