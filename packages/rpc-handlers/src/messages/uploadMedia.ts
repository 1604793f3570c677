import { isFileInput } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { UPLOAD_QUOTAS, URL_QUOTAS } from '../quotas.ts';
import { senderOf } from './sender-of.ts';

/** Makes a document or photo of an uploaded file, or of one at a URL, without sending it. Only these need it; the clients build other media themselves. */
export const uploadMedia = defineMethod({
  method: 'messages.uploadMedia',
  access: ['user', 'bot'],
  cost: 1,
  quotas: [...UPLOAD_QUOTAS, ...URL_QUOTAS],
  repeat: 'idempotent',
  elsewhere: { peer: 'CHAT_SEND_MEDIA_FORBIDDEN' },
  async handler(ctx, { peer, media }) {
    const { domain, userId } = ctx;
    const { peerId } = await domain.peers.accessInputPeerOrCommented(userId, peer);
    if (!isFileInput(media)) throw rpcError('MEDIA_INVALID');
    return domain.mediaInputs.doUpload(media, senderOf(ctx), { to: peerId });
  },
});
