import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { hashOf } from '../hash-of.ts';

/** Maximum number of stickers of an answer. */
const STICKERS_MAX = 100;

/** The stickers that stand for an emoji: those that the caller has come first. Clients ask for greetings by two emoji. */
export const getStickers = defineMethod({
  method: 'messages.getStickers',
  access: 'user',
  cost: 10,
  repeat: 'read',
  async handler(ctx, { emoticon, hash: known }) {
    if (emoticon.trim() === '') throw rpcError('EMOTICON_EMPTY');
    const stickers = await ctx.domain.stickerSets.listByEmoji(ctx.userId, 'stickers', emoticon, STICKERS_MAX);
    const hash = hashOf(stickers.map(({ id }) => id));
    if (hash === known && known !== 0n) return { _: 'messages.stickersNotModified' };
    return { _: 'messages.stickers', hash, stickers };
  },
});
