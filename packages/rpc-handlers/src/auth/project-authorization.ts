import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/** Projects the answer to a log-in, with the user's own view of the account. */
export async function projectAuthorization(ctx: RpcContext, userId: bigint): Promise<tl.auth.authorization> {
  const [user] = await ctx.domain.users.projectUsers(userId, [userId]);
  if (!user) throw rpcError('USER_ID_INVALID');
  return { _: 'auth.authorization', user };
}
