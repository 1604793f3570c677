import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/** Updates that carry no pts, as the answer to the call that caused them, with the users that they name. */
export async function projectUpdates(
  ctx: RpcContext,
  updates: tl.Update[],
  userIds: Iterable<bigint>,
): Promise<tl.updates> {
  const users = await ctx.domain.users.projectUsers(ctx.userId, userIds);
  // seq is always 0 (rule P14).
  return { _: 'updates', updates, users, chats: [], date: ctx.clock.now(), seq: 0 };
}
