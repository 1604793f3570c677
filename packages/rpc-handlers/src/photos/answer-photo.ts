import { PeerSet } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/** A photo of the caller, together with the caller, whose photo may be another one now. */
export async function answerPhoto({ domain, userId }: RpcContext, photo: tl.Photo): Promise<tl.photos.photo> {
  const { users } = await domain.projectPeers(userId, new PeerSet([userId]));
  return { _: 'photos.photo', photo, users };
}
