import { defineMethod } from '@aerogram/rpc';

import { answerFeatured, FEATURED_MAX } from './sticker-lists.ts';

export const getFeaturedEmojiStickers = defineMethod({
  method: 'messages.getFeaturedEmojiStickers',
  access: 'user',
  cost: 2,
  repeat: 'read',
  handler(ctx, { hash }) {
    const sets = ctx.domain.stickerSets.listFeatured('emoji');
    return answerFeatured(ctx, sets.slice(0, FEATURED_MAX), { known: hash, count: sets.length });
  },
});
