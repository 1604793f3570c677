import { defineMethod } from '@aerogram/rpc';

import { answerFoundSets } from './sticker-lists.ts';

export const searchEmojiStickerSets = defineMethod({
  method: 'messages.searchEmojiStickerSets',
  access: 'user',
  cost: 5,
  limits: { strings: { q: 256 } },
  repeat: 'read',
  handler: (ctx, request) => answerFoundSets(ctx, 'emoji', request),
});
