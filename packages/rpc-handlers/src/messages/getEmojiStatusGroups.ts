import { defineMethod } from '@aerogram/rpc';

import { answerGroups } from './sticker-lists.ts';

export const getEmojiStatusGroups = defineMethod({
  method: 'messages.getEmojiStatusGroups',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: (ctx, { hash }) => answerGroups(ctx, 'emoji', hash),
});
