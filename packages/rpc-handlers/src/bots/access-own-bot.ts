import type { UserRow } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/**
 * Resolves a bot that belongs to the caller.
 * @throws RpcError 400 BOT_INVALID, and as `accessInputUser`
 */
export async function accessOwnBot(ctx: RpcContext, input: tl.InputUser): Promise<UserRow> {
  const row = await ctx.domain.peers.accessInputUser(ctx.userId, input);
  const bot = row.bot && !row.deleted ? await ctx.domain.botRows.findRow(row.user_id) : undefined;
  if (bot?.owner_id !== ctx.userId) throw rpcError('BOT_INVALID');
  return row;
}
