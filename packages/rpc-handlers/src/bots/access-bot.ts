import type { UserRow } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/**
 * Resolves a bot that is not deleted.
 * @throws RpcError 400 BOT_INVALID, and as `accessInputUser`
 */
export async function accessBot(ctx: RpcContext, input: tl.InputUser): Promise<UserRow> {
  const row = await ctx.domain.peers.accessInputUser(ctx.userId, input);
  if (!row.bot || row.deleted) throw rpcError('BOT_INVALID');
  return row;
}
