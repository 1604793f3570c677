import { defineMethod } from '@aerogram/rpc';

/** A sticker set with all its stickers: one that ships with the server, or one that somebody has made. */
export const getStickerSet = defineMethod({
  method: 'messages.getStickerSet',
  access: ['user', 'bot'],
  cost: 1,
  repeat: 'read',
  async handler(ctx, { stickerset, hash }) {
    const set = await ctx.domain.stickerSets.access(ctx.userId, stickerset);
    return hash !== 0 && hash === set.hash ? { _: 'messages.stickerSetNotModified' } : ctx.domain.stickerSets.projectWhole(ctx.userId, set);
  },
});
