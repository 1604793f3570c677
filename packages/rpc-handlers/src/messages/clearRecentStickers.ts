import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';
import { recentStickersOf } from './recent-stickers.ts';

export const clearRecentStickers = defineMethod({
  method: 'messages.clearRecentStickers',
  access: 'user',
  cost: 2,
  repeat: 'idempotent',
  async handler(ctx, { attached }) {
    await ctx.domain.files.kept.doClear({ ownerId: ctx.userId, list: recentStickersOf(attached), origin: originOf(ctx) });
    return true;
  },
});
