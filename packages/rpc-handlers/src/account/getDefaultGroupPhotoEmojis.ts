import { defineMethod } from '@aerogram/rpc';

import { answerEmojiList } from '../messages/sticker-lists.ts';

export const getDefaultGroupPhotoEmojis = defineMethod({
  method: 'account.getDefaultGroupPhotoEmojis',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: (ctx, { hash }) => Promise.resolve(answerEmojiList(ctx.domain.stickerSets.listPictureIds('groups'), hash)),
});
