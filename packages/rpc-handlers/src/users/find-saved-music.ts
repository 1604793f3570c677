import { maySee } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/** The user, and the ids of the music on their profile; none, if the caller may not see it. @throws as accessInputUser */
export async function listSavedMusic({ domain, userId }: RpcContext, input: tl.InputUser): Promise<{ ownerId: bigint; ids: bigint[] }> {
  const { user_id: ownerId } = await domain.peers.accessInputUser(userId, input);
  return { ownerId, ids: (await maySee(domain, 'SavedMusic', userId, ownerId)) ? await domain.files.kept.listIds(ownerId, 'music') : [] };
}

/** The first song on a profile, as the full profile shows it; undefined if there is none or the caller may not see it. */
export async function findFirstSong({ domain, userId }: RpcContext, ownerId: bigint): Promise<tl.document | undefined> {
  const { kept } = domain.files;
  const [first] = await kept.listIds(ownerId, 'music');
  if (first === undefined || !(await maySee(domain, 'SavedMusic', userId, ownerId))) return undefined;
  return (await kept.find(ownerId, 'music', [first]))[0];
}
