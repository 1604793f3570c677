import { PeerSet } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/** A photo of a profile, together with the user whose photo may be another one now. */
export async function answerPhoto({ domain, userId: viewerId }: RpcContext, userId: bigint, photo: tl.Photo): Promise<tl.photos.photo> {
  const { users } = await domain.projectPeers(viewerId, new PeerSet([userId]));
  return { _: 'photos.photo', photo, users };
}
