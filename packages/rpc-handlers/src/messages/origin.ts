import type { Origin } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';

/** The session of the call: it learns what the call causes from the answer, and gets no push of it. */
export function originOf({ caller }: RpcContext): Origin {
  return { authKeyId: caller.permAuthKeyId, sessionId: caller.sessionId };
}

/** An answer says that the caller's box moved by `ptsCount` to `pts`. */
export function stepBox(ctx: RpcContext, pts: number, ptsCount: number): void {
  ctx.boxStep({ owner: ctx.userId, pts, ptsCount });
}
