import { rpcError } from '@aerogram/errors';

import { defineBotMethod } from '../define-bot-method.ts';
import { projectStickerSet } from '../objects/index.ts';

export const getStickerSet = defineBotMethod({
  method: 'getStickerSet',
  params: ['name'],
  async run(call, params) {
    const found = await call.invoke({ _: 'messages.getStickerSet', stickerset: { _: 'inputStickerSetShortName', short_name: params.text('name').trim() }, hash: 0 });
    // `stickerSetNotModified` answers only a hash other than 0.
    if (found._ !== 'messages.stickerSet') throw rpcError('STICKERSET_INVALID');
    return projectStickerSet(call, found);
  },
});
