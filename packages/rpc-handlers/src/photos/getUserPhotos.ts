import { PeerSet } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

export const getUserPhotos = defineMethod({
  method: 'photos.getUserPhotos',
  access: ['user', 'bot'],
  cost: 2,
  repeat: 'read',
  elsewhere: { user_id: 'works' },
  async handler(ctx, { user_id: input, offset, max_id: maxId, limit }) {
    if (maxId < 0n) throw rpcError('MAX_ID_INVALID');
    const { domain, userId } = ctx;
    const row = await domain.peers.accessInputUser(userId, input);
    const { photos, count } = await domain.profilePhotos.list(userId, row.user_id, { offset, maxId, limit });
    const { users } = await domain.projectPeers(userId, new PeerSet([row.user_id]));
    return photos.length < count ? { _: 'photos.photosSlice', count, photos, users } : { _: 'photos.photos', photos, users };
  },
});
