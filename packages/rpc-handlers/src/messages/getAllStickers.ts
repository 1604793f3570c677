import { defineMethod } from '@aerogram/rpc';

import { answerInstalled } from './sticker-lists.ts';

export const getAllStickers = defineMethod({
  method: 'messages.getAllStickers',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: (ctx, { hash }) => answerInstalled(ctx, 'stickers', hash),
});
