import { PeerSet, type ProfilePicture } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod, type RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { originOf } from '../origin.ts';
import { PRIVATE_QUOTAS, UPLOAD_QUOTAS } from '../quotas.ts';

/** Sets the photo that the caller alone sees of a contact, removes it, or suggests a photo to the contact. */
export const uploadContactProfilePhoto = defineMethod({
  method: 'photos.uploadContactProfilePhoto',
  access: 'user',
  cost: 10,
  quotas: [...UPLOAD_QUOTAS, ...PRIVATE_QUOTAS],
  repeat: 'idempotent',
  async handler(ctx, { suggest, save, user_id: input, ...picture }) {
    const { domain, userId: ownerId } = ctx;
    const { user_id: userId, deleted } = await domain.peers.accessInputUser(ownerId, input);
    if (userId === ownerId || deleted) throw rpcError('USER_ID_INVALID');
    if (suggest !== true && save !== true) throw rpcError('NEED_ACTION_MISSING');
    const photo = await act(ctx, { ownerId, userId }, picture, suggest === true);
    const { users } = await domain.projectPeers(ownerId, new PeerSet([userId]));
    return { _: 'photos.photo', photo, users };
  },
});

async function act(ctx: RpcContext, pair: { ownerId: bigint; userId: bigint }, picture: ProfilePicture, isSuggestion: boolean): Promise<tl.Photo> {
  const { contactPhotos } = ctx.domain;
  if (isSuggestion) return contactPhotos.doSuggest(pair, picture);
  if (picture.file !== undefined || picture.video !== undefined || picture.video_emoji_markup !== undefined) return contactPhotos.doSet(pair, picture, originOf(ctx));
  await contactPhotos.doRemove(pair, originOf(ctx));
  return { _: 'photoEmpty', id: 0n };
}
