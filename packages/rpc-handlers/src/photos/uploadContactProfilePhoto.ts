import { PeerSet } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod, type RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { originOf } from '../messages/origin.ts';

/** Sets the photo that the caller alone sees of a contact, removes it, or suggests a photo to the contact. */
export const uploadContactProfilePhoto = defineMethod({
  method: 'photos.uploadContactProfilePhoto',
  access: 'user',
  cost: 10,
  quotas: ['unsentFiles'],
  repeat: 'idempotent',
  async handler(ctx, { suggest, save, user_id: input, file, video, video_emoji_markup: markup }) {
    const { domain, userId: ownerId } = ctx;
    const { user_id: userId, deleted } = await domain.peers.accessInputUser(ownerId, input);
    if (userId === ownerId || deleted) throw rpcError('USER_ID_INVALID');
    if (suggest !== true && save !== true) throw rpcError('NEED_ACTION_MISSING');
    // There are no moving photos of profiles yet, and none that are drawn from emoji or stickers.
    if (video !== undefined) throw rpcError('VIDEO_FILE_INVALID');
    if (markup !== undefined) throw rpcError('EMOJI_MARKUP_INVALID');
    if (suggest === true && file === undefined) throw rpcError('PHOTO_FILE_MISSING');
    const photo = await act(ctx, { ownerId, userId }, file, suggest === true);
    const { users } = await domain.projectPeers(ownerId, new PeerSet([userId]));
    return { _: 'photos.photo', photo, users };
  },
});

async function act(ctx: RpcContext, pair: { ownerId: bigint; userId: bigint }, file: tl.InputFile | undefined, isSuggestion: boolean): Promise<tl.Photo> {
  const { contactPhotos } = ctx.domain;
  if (file === undefined) {
    await contactPhotos.doRemove(pair, originOf(ctx));
    return { _: 'photoEmpty', id: 0n };
  }
  return isSuggestion ? contactPhotos.doSuggest(pair, file) : contactPhotos.doSet(pair, file, originOf(ctx));
}
