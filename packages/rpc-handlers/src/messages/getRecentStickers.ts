import { defineMethod } from '@aerogram/rpc';

import { listKept } from '../kept-call.ts';
import { recentStickersOf } from './recent-stickers.ts';
import { listPacks } from './sticker-packs.ts';

export const getRecentStickers = defineMethod({
  method: 'messages.getRecentStickers',
  access: 'user',
  cost: 2,
  repeat: 'read',
  async handler(ctx, { hash: known, attached }) {
    const list = recentStickersOf(attached);
    const found = await listKept(ctx, list, known);
    if (found === undefined) return { _: 'messages.recentStickersNotModified' };
    const { hash, documents: stickers, dates } = found;
    return { _: 'messages.recentStickers', hash, packs: listPacks(stickers), stickers, dates };
  },
});
