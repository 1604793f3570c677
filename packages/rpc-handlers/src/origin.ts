import type { Origin, UserKey } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';

/** The session of the call: it learns the effects of the call from the answer and gets no push for them. */
export function originOf({ caller, trace }: RpcContext): Origin {
  const origin = { authKeyId: caller.permAuthKeyId, sessionId: caller.sessionId };
  return trace === undefined ? origin : { ...origin, trace };
}

/** The device of the call, with its user. */
export function deviceOf({ userId, caller }: RpcContext): UserKey {
  return { userId, authKeyId: caller.permAuthKeyId };
}

/** Reports that the answer moves the caller's message box by `ptsCount` to `pts`. */
export function stepBox(ctx: RpcContext, pts: number, ptsCount: number): void {
  ctx.boxStep({ owner: ctx.userId, pts, ptsCount });
}
