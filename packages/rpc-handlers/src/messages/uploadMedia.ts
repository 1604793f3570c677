import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

/** Makes a document of an uploaded file without sending it. Only documents need this; the clients build other media themselves. */
export const uploadMedia = defineMethod({
  method: 'messages.uploadMedia',
  access: ['user', 'bot'],
  cost: 1,
  quotas: ['unsentFiles'],
  repeat: 'idempotent',
  async handler({ domain, userId }, { peer, media }) {
    await domain.peers.accessInputPeer(userId, peer);
    if (media._ !== 'inputMediaUploadedDocument' && media._ !== 'inputMediaDocument') throw rpcError('MEDIA_INVALID');
    return domain.files.doUploadMedia(userId, media);
  },
});
