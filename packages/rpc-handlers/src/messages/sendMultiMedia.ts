import { checkAlbum, isFileInput, isUpload } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod, joinLimits, type RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { SEND_QUOTAS } from '../quotas.ts';
import { accessCommentedTarget, sendAll, type SentContent } from './send-one.ts';
import { senderOf } from './sender-of.ts';
import { ALBUM_LIMITS, REPLY_LIMITS } from './text-limits.ts';

/**
 * Sends an album, all of it or nothing. Its files must have been made by messages.uploadMedia, as the documentation of the API says.
 * @see https://core.telegram.org/api/files#albums-grouped-media
 */
export const sendMultiMedia = defineMethod({
  method: 'messages.sendMultiMedia',
  access: ['user', 'bot'],
  cost: 2,
  limits: joinLimits(ALBUM_LIMITS, REPLY_LIMITS),
  quotas: SEND_QUOTAS,
  repeat: 'random_id',
  elsewhere: { peer: 'CHAT_SEND_MEDIA_FORBIDDEN' },
  presence: 'acting',
  async handler(ctx, req) {
    const randomIds = req.multi_media.map((one) => one.random_id);
    if (randomIds.length === 0) throw rpcError('MEDIA_EMPTY');
    if (new Set(randomIds).size !== randomIds.length) throw rpcError('RANDOM_ID_DUPLICATE');
    const peer = await accessCommentedTarget(ctx, req, randomIds);
    const contents = await Promise.all(req.multi_media.map((one) => prepareOne(ctx, one)));
    checkAlbum(contents.map(({ media }) => media));
    return sendAll(ctx, req, { peer, contents, knownText: undefined });
  },
});

async function prepareOne(ctx: RpcContext, { media, message, entities, random_id: randomId }: tl.inputSingleMedia): Promise<SentContent & { media: tl.MessageMedia }> {
  if (!isFileInput(media) || isUpload(media)) throw rpcError('MEDIA_INVALID');
  const text = await ctx.domain.messages.normalizeCaption(ctx.userId, message, entities);
  return { text, media: await ctx.domain.mediaInputs.prepareFile(media, senderOf(ctx)), noWebpage: false, randomId };
}
