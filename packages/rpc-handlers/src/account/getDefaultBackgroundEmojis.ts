import { defineMethod } from '@aerogram/rpc';

import { answerEmojiList } from '../messages/sticker-lists.ts';

export const getDefaultBackgroundEmojis = defineMethod({
  method: 'account.getDefaultBackgroundEmojis',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: (ctx, { hash }) => Promise.resolve(answerEmojiList(ctx.domain.stickerSets.listIconIds('backgrounds'), hash)),
});
