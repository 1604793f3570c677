import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { isFileInput, isPhotoInput } from './prepare-sent-media.ts';
import { UPLOAD_QUOTAS } from '../quotas.ts';

/** Makes a document or photo of an uploaded file without sending it. Only these need it; the clients build other media themselves. */
export const uploadMedia = defineMethod({
  method: 'messages.uploadMedia',
  access: ['user', 'bot'],
  cost: 1,
  quotas: UPLOAD_QUOTAS,
  repeat: 'idempotent',
  async handler({ domain, userId }, { peer, media }) {
    const { peerId } = await domain.peers.accessInputPeer(userId, peer);
    if (!isFileInput(media)) throw rpcError('MEDIA_INVALID');
    return isPhotoInput(media) ? domain.files.photos.doUploadMedia(userId, media, { to: peerId }) : domain.files.doUploadMedia(userId, media, { to: peerId });
  },
});
