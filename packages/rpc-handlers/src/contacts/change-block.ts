import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { originOf } from '../origin.ts';
import { accessBlockable } from './access-blockable.ts';

/** Blocks a peer or ends the block: of everything, or of the caller's stories only. @throws RpcError as {@link accessBlockable} and `doBlock` */
export async function changeBlock(ctx: RpcContext, { id, my_stories_from }: Pick<tl.contacts.block, 'id' | 'my_stories_from'>, blocked: boolean): Promise<true> {
  const peerId = await accessBlockable(ctx, id);
  await ctx.domain.blocks.doBlock(ctx.userId, peerId, { storiesOnly: my_stories_from === true, blocked }, originOf(ctx));
  return true;
}
