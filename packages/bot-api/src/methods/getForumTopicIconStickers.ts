import { rpcError } from '@aerogram/errors';

import { defineBotMethod } from '../define-bot-method.ts';
import { findSetNames, projectSticker } from '../objects/sticker-object.ts';

export const getForumTopicIconStickers = defineBotMethod({
  method: 'getForumTopicIconStickers',
  params: [],
  async run(call) {
    const found = await call.invoke({ _: 'messages.getStickerSet', stickerset: { _: 'inputStickerSetEmojiDefaultTopicIcons' }, hash: 0 });
    // `stickerSetNotModified` answers only a hash other than 0.
    if (found._ !== 'messages.stickerSet') throw rpcError('STICKERSET_INVALID');
    const documents = found.documents.flatMap((document) => (document._ === 'document' ? [document] : []));
    const names = await findSetNames(call, documents);
    return documents.map((document) => projectSticker(call, document, names));
  },
});
