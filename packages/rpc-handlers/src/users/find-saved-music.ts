import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/** The music on a user's profile; always empty, because music cannot be saved yet. @throws as accessInputUser */
export async function findSavedMusic(ctx: RpcContext, { id }: { id: tl.InputUser }): Promise<tl.users.savedMusic> {
  await ctx.domain.peers.accessInputUser(ctx.userId, id);
  return { _: 'users.savedMusic', count: 0, documents: [] };
}
