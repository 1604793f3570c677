import { pageSize } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { answerFeatured, FEATURED_MAX } from './sticker-lists.ts';

/** The sets that are too old to be featured. */
export const getOldFeaturedStickers = defineMethod({
  method: 'messages.getOldFeaturedStickers',
  access: 'user',
  cost: 2,
  repeat: 'read',
  handler(ctx, { offset, limit, hash }) {
    const old = ctx.domain.stickerSets.listFeatured('stickers').slice(FEATURED_MAX);
    const first = Math.max(0, offset);
    return answerFeatured(ctx, old.slice(first, first + pageSize(limit, FEATURED_MAX)), { known: hash, count: old.length });
  },
});
