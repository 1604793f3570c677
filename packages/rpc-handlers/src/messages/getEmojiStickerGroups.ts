import { defineMethod } from '@aerogram/rpc';

import { answerGroups } from './sticker-lists.ts';

export const getEmojiStickerGroups = defineMethod({
  method: 'messages.getEmojiStickerGroups',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: (ctx, { hash }) => answerGroups(ctx, 'stickers', hash),
});
