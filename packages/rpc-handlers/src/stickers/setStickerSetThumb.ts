import { given } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { UPLOAD_QUOTAS } from '../quotas.ts';
import { answerSet } from './make-call.ts';

/** Sets the picture of a set: a file, or of a set of custom emoji one of them. Without both, the set has none. */
export const setStickerSetThumb = defineMethod({
  method: 'stickers.setStickerSetThumb',
  access: ['user', 'bot'],
  cost: 10,
  quotas: UPLOAD_QUOTAS,
  repeat: 'idempotent',
  handler: (ctx, { stickerset, thumb, thumb_document_id: emojiId }) =>
    answerSet(ctx, ctx.domain.stickerSets.changes.doSetPicture(ctx.userId, stickerset, { file: thumb?._ === 'inputDocument' ? thumb : undefined, emojiId: given(emojiId) })),
});
