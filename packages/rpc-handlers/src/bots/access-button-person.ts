import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/**
 * The person whose button beside the text field a bot names; 0 for that of everybody.
 * @throws RpcError 400 USER_ID_INVALID for bots, and as `accessInputUser`
 */
export async function accessButtonPerson(ctx: RpcContext, input: tl.InputUser): Promise<bigint> {
  if (input._ === 'inputUserEmpty') return 0n;
  const row = await ctx.domain.peers.accessInputUser(ctx.userId, input);
  if (row.bot) throw rpcError('USER_ID_INVALID');
  return row.user_id;
}
