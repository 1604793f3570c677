import type { UserRow } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { accessOwnBot } from './access-own-bot.ts';

/**
 * The bot whose looks a request is about: the caller, or a bot of the caller.
 * @throws RpcError 400 USER_BOT_INVALID (a bot names one, or a person names none), and as {@link accessOwnBot}
 */
export async function accessShownBot(ctx: RpcContext, input: tl.InputUser | undefined): Promise<UserRow> {
  if (ctx.caller.isBot !== (input === undefined)) throw rpcError('USER_BOT_INVALID');
  if (input !== undefined) return accessOwnBot(ctx, input);
  const row = await ctx.domain.users.findRow(ctx.userId);
  if (row === undefined) throw rpcError('BOT_INVALID');
  return row;
}
