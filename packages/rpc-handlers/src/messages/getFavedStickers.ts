import { defineMethod } from '@aerogram/rpc';

import { listKept } from '../kept-call.ts';
import { listPacks } from './sticker-packs.ts';

export const getFavedStickers = defineMethod({
  method: 'messages.getFavedStickers',
  access: 'user',
  cost: 2,
  repeat: 'read',
  async handler(ctx, { hash: known }) {
    const found = await listKept(ctx, 'favedStickers', known);
    if (found === undefined) return { _: 'messages.favedStickersNotModified' };
    return { _: 'messages.favedStickers', hash: found.hash, packs: listPacks(found.documents), stickers: found.documents };
  },
});
