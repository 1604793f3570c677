import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/** What music a person shows: none, as long as nobody can save any. @throws as accessInputUser */
export async function findSavedMusic(ctx: RpcContext, { id }: { id: tl.InputUser }): Promise<tl.users.savedMusic> {
  await ctx.domain.peers.accessInputUser(ctx.userId, id);
  return { _: 'users.savedMusic', count: 0, documents: [] };
}
