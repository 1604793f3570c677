import { defineMethod } from '@aerogram/rpc';

import { answerInstalled } from './sticker-lists.ts';

export const getMaskStickers = defineMethod({
  method: 'messages.getMaskStickers',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: (ctx, { hash }) => answerInstalled(ctx, 'masks', hash),
});
