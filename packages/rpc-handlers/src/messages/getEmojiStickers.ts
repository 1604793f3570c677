import { defineMethod } from '@aerogram/rpc';

import { answerInstalled } from './sticker-lists.ts';

export const getEmojiStickers = defineMethod({
  method: 'messages.getEmojiStickers',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: (ctx, { hash }) => answerInstalled(ctx, 'emoji', hash),
});
